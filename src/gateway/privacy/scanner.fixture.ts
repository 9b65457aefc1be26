/** Looks for a marker in bytes, files and directories, in whatever way it may be written there. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInflate, createInflateRaw, createZstdDecompress } from 'node:zlib';
import { literal, openEngine } from '../../warehouse/engine.ts';

export interface Found {
  where: string;
  /** How it is written, outermost first: `gzip, base64`. */
  encoding: string;
  /** What stands around it, for whoever looks for the leak. */
  near: string;
}

/** A marker: lower-case ASCII letters, so that no escaping changes it by chance. */
export const ENCODINGS: Record<string, (text: string) => Buffer[]> = {
  plain: (text) => [Buffer.from(text)],
  'UTF-16': (text) => [Buffer.from(text, 'utf16le'), Buffer.from(text, 'utf16le').swap16()],
  hex: (text) => bothCases([...text].map((c) => hexOf(c)).join('')),
  'JSON escapes': (text) => bothCases([...text].map((c) => `\\u00${hexOf(c)}`).join('')),
  'URL encoding': (text) => bothCases([...text].map((c) => `%${hexOf(c)}`).join('')),
  base64: (text) => [0, 1, 2].map((shift) => base64At(text, shift)),
};

const hexOf = (char: string): string => char.charCodeAt(0).toString(16).padStart(2, '0');
const bothCases = (text: string): Buffer[] => [
  Buffer.from(text),
  Buffer.from(text.replaceAll(/[0-9a-f]{2}/g, (pair) => pair.toUpperCase())),
];

/** The characters that base64 gives a text wherever it begins, without those that its neighbours share. */
function base64At(text: string, shift: number): Buffer {
  const encoded = Buffer.from('\0'.repeat(shift) + text)
    .toString('base64')
    .replace(/=+$/, '');
  const first = shift === 0 ? 0 : shift + 1;
  const last = (shift + text.length) % 3 === 0 ? encoded.length : encoded.length - 1;
  return Buffer.from(encoded.slice(first, last));
}

/** Compressed forms by how they begin. */
const COMPRESSED = [
  { name: 'gzip', magic: Buffer.from([0x1f, 0x8b, 0x08]), create: createInflateRaw, skip: gzipHeader },
  { name: 'zlib', magic: Buffer.from([0x78, 0x01]), create: createInflate },
  { name: 'zlib', magic: Buffer.from([0x78, 0x9c]), create: createInflate },
  { name: 'zlib', magic: Buffer.from([0x78, 0xda]), create: createInflate },
  { name: 'zstd', magic: Buffer.from([0x28, 0xb5, 0x2f, 0xfd]), create: createZstdDecompress },
] as { name: string; magic: Buffer; create: typeof createInflate; skip?: typeof gzipHeader }[];

/** Its length. What stands behind the compressed data would fail a reader of whole gzip files. */
function gzipHeader(bytes: Buffer): number {
  const flags = bytes[3] ?? 0;
  let at = 10;
  if (flags & 4) at += 2 + (bytes[at] ?? 0) + 256 * (bytes[at + 1] ?? 0);
  for (const flag of [8, 16]) if (flags & flag) at = bytes.indexOf(0, at) + 1;
  return flags & 2 ? at + 2 : at;
}
const DEEPEST = 3;

export async function scanBytes(bytes: Buffer, marker: string, where: string): Promise<Found[]> {
  return [...scanPlain(bytes, marker, where), ...(await scanCompressed(bytes, marker, where, 0))];
}

/** Without looking into what is compressed. */
export function scanPlain(bytes: Buffer, marker: string, where: string): Found[] {
  const found: Found[] = [];
  for (const [encoding, encode] of Object.entries(ENCODINGS))
    for (const pattern of encode(marker))
      for (let at = bytes.indexOf(pattern); at >= 0 && found.length < 50; at = bytes.indexOf(pattern, at + 1))
        found.push({
          where,
          encoding,
          near: bytes.toString('latin1', Math.max(0, at - 40), at + pattern.length + 40),
        });
  return found;
}

async function scanCompressed(bytes: Buffer, marker: string, where: string, depth: number): Promise<Found[]> {
  if (depth >= DEEPEST) return [];
  const found: Found[] = [];
  for (const { name, magic, create, skip } of COMPRESSED)
    for (let at = bytes.indexOf(magic); at >= 0; at = bytes.indexOf(magic, at + 1)) {
      const inner = await unpacked(create, bytes.subarray(at + (skip?.(bytes.subarray(at)) ?? 0)));
      if (inner.length < marker.length) continue;
      const inside = [
        ...scanPlain(inner, marker, where),
        ...(await scanCompressed(inner, marker, where, depth + 1)),
      ];
      found.push(...inside.map((f) => ({ ...f, encoding: `${name}, ${f.encoding}` })));
    }
  return found;
}

/** As much as can be unpacked. */
function unpacked(create: () => ReturnType<typeof createInflate>, bytes: Buffer): Promise<Buffer> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const stream = create();
    const end = () => resolve(Buffer.concat(chunks));
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', end);
    stream.on('error', end);
    stream.end(bytes);
  });
}

/** Every file below a directory, and its name; Parquet also as DuckDB reads it. */
export async function scanDirectory(directory: string, marker: string): Promise<Found[]> {
  const found: Found[] = [];
  const engine = await openEngine({ tempDir: join(directory, 'scan-spill') });
  try {
    for (const entry of await readdir(directory, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      found.push(...scanPlain(Buffer.from(path), marker, `name of ${path}`));
      if (!entry.isFile()) continue;
      found.push(...(await scanBytes(await readFile(path), marker, path)));
      if (!path.endsWith('.parquet')) continue;
      const rows = await engine.query(`SELECT * FROM read_parquet(${literal(path)})`);
      const text = JSON.stringify(rows, (_, v) => (typeof v === 'bigint' ? String(v) : v));
      found.push(...scanPlain(Buffer.from(text), marker, `rows of ${path}`));
    }
  } finally {
    engine.close();
  }
  return found;
}
