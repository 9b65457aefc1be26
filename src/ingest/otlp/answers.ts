/** What OTLP/HTTP answers: an ExportTraceServiceResponse, or a Status for an error, in the encoding of the request. */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire';
import type { Encoding } from './read-traces.ts';

export const CONTENT_TYPE: Record<Encoding, string> = {
  protobuf: 'application/x-protobuf',
  json: 'application/json',
};

/** @param rejected how many spans could not be used; 0: full success, which is an empty message */
export function encodeAnswer(encoding: Encoding, rejected: number, message: string): Buffer {
  if (encoding === 'json')
    return Buffer.from(
      JSON.stringify(
        rejected === 0 ? {} : { partialSuccess: { rejectedSpans: String(rejected), errorMessage: message } },
      ),
    );
  const writer = new BinaryWriter();
  if (rejected > 0)
    writer
      .tag(1, WireType.LengthDelimited)
      .fork()
      .tag(1, WireType.Varint)
      .int64(rejected)
      .tag(2, WireType.LengthDelimited)
      .string(message)
      .join();
  return Buffer.from(writer.finish());
}

/** Codes of google.rpc.Status by HTTP status. */
const RPC_CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  409: 9,
  413: 8,
  415: 3,
  429: 8,
  503: 14,
  507: 8,
};

export function encodeStatus(encoding: Encoding, status: number, message: string): Buffer {
  const code = RPC_CODES[status] ?? (status < 500 ? 3 : 13);
  if (encoding === 'json') return Buffer.from(JSON.stringify({ code, message }));
  const writer = new BinaryWriter()
    .tag(1, WireType.Varint)
    .int32(code)
    .tag(2, WireType.LengthDelimited)
    .string(message);
  return Buffer.from(writer.finish());
}
