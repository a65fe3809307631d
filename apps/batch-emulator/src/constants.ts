/**
 * The development account. Its key is public knowledge, like Azurite's: it guards nothing and must never be used for
 * anything but this emulator.
 */
export const WELL_KNOWN_ACCOUNT = 'devbatchaccount1';
export const WELL_KNOWN_KEY =
  'd2luZHJvdyBiYXRjaCBlbXVsYXRvcjogdGhpcyBkZXZlbG9wbWVudCBrZXkgaXMgcHVibGljIGtub3dsZWRnZQ==';

export const DEFAULT_PORT = 10010;

/** Where the account lives for management clients. */
export const DEFAULT_SUBSCRIPTION = '00000000-0000-0000-0000-000000000000';
export const DEFAULT_RESOURCE_GROUP = 'emulator';
export const DEFAULT_REGION = 'local';

/** "Task - Add Collection": at most 100 tasks, and a body below 1 MiB, else 413 RequestBodyTooLarge. */
export const MAX_TASKS_PER_COLLECTION = 100;
export const MAX_BODY_BYTES = 1024 * 1024;

export const MAX_RESULTS = 1000;
export const MAX_RESULTS_NODE_COUNTS = 10;

/** Shared Key: requests older than this are refused. */
export const MAX_CLOCK_SKEW_MS = 15 * 60 * 1000;

/** TimeSpan.MaxValue, which the service shows for "no limit". */
export const INFINITE_DURATION = 'P10675199DT2H48M5.4775807S';
