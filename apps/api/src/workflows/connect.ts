import { Connection, type ConnectionOptions } from '@temporalio/client';
import type { TemporalConfig } from '../config';

/** Histories come in pages that exceed gRPC's 4 MiB; the SDK's own option of this kind has no effect. */
const MAX_MESSAGE_BYTES = 128 * 1024 * 1024;

/** Connects with the first call, so that the API starts, and says what is missing, without Temporal. */
export function temporalConnection({ connectionOptions }: TemporalConfig): Connection {
  return Connection.lazy({
    ...(connectionOptions as ConnectionOptions),
    channelArgs: { 'grpc.max_receive_message_length': MAX_MESSAGE_BYTES },
  });
}
