/** A photo or file on its way into the store: looked at, made smaller, and named by its hash. */

import { PhoneError } from "./errors.ts";
import type { Prepared } from "./phone.ts";

/** What a camera gives at most; larger ones are no photos of a phone. */
export const LARGEST = 40_000_000;
const EDGE = 2560;
const QUALITY = 0.85;

export interface PreparedPhoto extends Prepared {
  width: number;
  height: number;
}

/** Shrinks to 2560 pixels and JPEG; the turn that the camera noted is done to the pixels. Throws
 * PhoneError("file_too_large") or ("not_a_photo"). */
export async function photo(file: File): Promise<PreparedPhoto> {
  if (file.size > LARGEST) {
    throw new PhoneError("file_too_large", `${file.name} is larger than 40 MB.`);
  }
  const picture = await decoded(file);
  const scale = Math.min(1, EDGE / Math.max(picture.width, picture.height));
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  try {
    const bytes = await drawn(picture, width, height);
    const name = `${file.name.replace(/\.[^.]*$/, "") || "photo"}.jpg`;
    return { sha256: await sha256(bytes), name, type: "image/jpeg", bytes, width, height };
  } finally {
    picture.close();
  }
}

/** Any other file, as it is. */
export async function anyFile(file: File): Promise<Prepared> {
  if (file.size > LARGEST) {
    throw new PhoneError("file_too_large", `${file.name} is larger than 40 MB.`);
  }
  const bytes = await file.arrayBuffer();
  return { sha256: await sha256(bytes), name: file.name, type: file.type, bytes };
}

async function decoded(file: File): Promise<ImageBitmap> {
  try {
    return await createImageBitmap(file, { imageOrientation: "from-image" });
  } catch {
    throw new PhoneError("not_a_photo", `${file.name} cannot be read as a photo.`);
  }
}

async function drawn(picture: ImageBitmap, width: number, height: number): Promise<ArrayBuffer> {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  if (!context) throw new PhoneError("not_a_photo", "This phone cannot draw.");
  context.fillStyle = "#fff"; // what is seen through is white, not black
  context.fillRect(0, 0, width, height);
  context.drawImage(picture, 0, 0, width, height);
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality: QUALITY });
  return blob.arrayBuffer();
}

/** As hexadecimal digits. */
export async function sha256(bytes: ArrayBuffer | string): Promise<string> {
  const data = typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", data));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
