import type { Payload } from '@temporalio/common';

/** A payload as it travels to and from a codec server (Temporal, "Remote data encoding"): bytes are base64. */
export interface WirePayload {
  metadata?: Record<string, string>;
  data?: string;
}

export function fromWire({ metadata = {}, data = '' }: WirePayload): Payload {
  const bytes = (text: string) => Buffer.from(text, 'base64');
  const entries = Object.entries(metadata).map(([name, value]) => [name, bytes(value)]);
  return { metadata: Object.fromEntries(entries) as Record<string, Buffer>, data: bytes(data) };
}

export function toWire({ metadata, data }: Payload): WirePayload {
  const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
  const entries = Object.entries(metadata ?? {}).map(([name, value]) => [name, text(value)]);
  return { metadata: Object.fromEntries(entries) as Record<string, string>, data: text(data) };
}
