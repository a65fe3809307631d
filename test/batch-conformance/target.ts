/** What the suite runs against: this emulator, or any other service that speaks Azure Batch. */
export interface Target {
  url: string;
  account: string;
  /** Base64. */
  key: string;
}

/** A real cloud takes minutes for what the emulator does in milliseconds. */
const LIVE_PATIENCE = 60;
const LIVE_POLL_MS = 5_000;
let patience = 1;

/** From here on tests wait as long as a live account may need. */
export function beLivePatient(): void {
  patience = LIVE_PATIENCE;
}

let counter = 0;

/** Names that no other test of this or another process uses. */
export function uniqueId(prefix: string): string {
  return `${prefix}-${process.pid}-${Date.now().toString(36)}-${counter++}`;
}

/** Polls until the probe gives something; a test never sleeps for a fixed time. */
export async function until<T>(
  probe: () => Promise<T | undefined | false>,
  what: string,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs * patience;
  for (let pause = 10; ; pause = patience === 1 ? pause : Math.min(pause * 2, LIVE_POLL_MS)) {
    const found = await probe();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > deadline) throw new Error(`Timed out waiting for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, pause));
  }
}
