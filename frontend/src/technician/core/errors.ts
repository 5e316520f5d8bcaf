/** What can go wrong on the phone, by a code that the screens have words for. */

export type PhoneErrorCode =
  | "storage_full"
  | "file_too_large"
  | "not_a_photo"
  | "no_connection"
  | "no_technician"
  | "not_here";

export class PhoneError extends Error {
  constructor(
    readonly code: PhoneErrorCode,
    message: string,
  ) {
    super(message);
    this.name = "PhoneError";
  }
}

/** The phone has no room: this entry was not kept. What was kept before is safe. */
export class StorageFull extends PhoneError {
  constructor(
    /** Entries and bytes that wait to be sent; sending them makes room. */
    readonly kept: { commands: number; bytes: number },
  ) {
    super("storage_full", "The phone's storage is full: this was not kept.");
    this.name = "StorageFull";
  }
}

/** Whether the browser said that there is no room; Dexie wraps what it was told. */
export function isFull(error: unknown): boolean {
  for (let one = error; one instanceof Error || one instanceof DOMException; ) {
    if (one.name === "QuotaExceededError") return true;
    one = (one as { inner?: unknown }).inner;
  }
  return false;
}
