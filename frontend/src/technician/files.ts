/** Photos and files of a visit: kept on the phone, shown from there, sent when there is a signal. */

import { text } from "../shared/texts.ts";
import type { App } from "./app.svelte.ts";
import { anyFile, type FileDoc, photo as shrunk } from "./core/index.ts";

export class Files {
  constructor(private readonly app: App) {}

  /** Keeps a photo or file: it is there, and shown, before anybody has a signal. */
  async add(
    visit: string,
    file: File,
    { tag, item }: { tag: string; item: string },
  ): Promise<void> {
    const isPicture = file.type.startsWith("image/") || file.type === "";
    const picture = isPicture ? await shrunk(file) : null;
    const prepared = picture ?? (await anyFile(file));
    const size = picture ? { width: picture.width, height: picture.height } : {};
    const body = {
      id: this.app.uuid(),
      file: prepared.sha256,
      size: prepared.bytes.byteLength,
      name: prepared.name,
      type: prepared.type,
      tag,
      item: item || null,
      taken_at: new Date(this.app.trueNow()).toISOString(),
      ...size,
    };
    await this.app.tap(visit, "photo", body, [prepared]);
  }

  async remove(visit: string, file: FileDoc): Promise<void> {
    await this.app.tap(visit, "photo_remove", { id: file.id });
    this.app.saying.say(text("phone.photo.removed"));
  }

  thumb(file: FileDoc): string {
    return this.app.pictures.thumb(file);
  }

  /** How much of an own file has been sent. */
  sending(sha256: string): { sent: number; total: number } | null {
    for (const { files } of this.app.entries) {
      const file = files.find((one) => one.sha256 === sha256 && one.state === "waiting");
      if (file) return { sent: file.sent * 262_144, total: file.size };
    }
    return null;
  }

  /** The whole picture, from this phone if it has it. */
  async open(file: FileDoc): Promise<void> {
    const own = await this.app.phone.file(file.sha256);
    if (own) open(URL.createObjectURL(own), "_blank", "noopener");
    else if (file.url && this.app.online) open(file.url, "_blank", "noopener");
    else this.app.saying.say(text("phone.file.signal"));
  }
}
