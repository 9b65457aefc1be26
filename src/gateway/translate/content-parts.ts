/** Parts of a message's content, in chat and in messages: text, images, documents. Cache marks travel with them. */
import { compact, given, isObject, type Maybe, objectOf, present, stringOf } from '../../json/read.ts';
import type { Json, JsonObject } from '../contract.ts';
import { badRequest, requireObjects, requireString } from './refusals.ts';

const IMAGE_TYPES: ReadonlySet<string> = new Set(['image/jpeg', 'image/png', 'image/gif', 'image/webp']);

/** The media type and the base64 of a data URL; null for any other URL. */
export function parseDataUrl(url: string): { mediaType: string; data: string } | null {
  const comma = url.indexOf(',');
  if (!url.startsWith('data:') || comma < 0 || comma > 256) return null;
  const [mediaType = '', ...flags] = url.slice(5, comma).split(';');
  const payload = url.slice(comma + 1);
  const data = flags.includes('base64') ? payload : Buffer.from(safeDecode(payload)).toString('base64');
  return { mediaType: mediaType.trim().toLowerCase() || 'text/plain', data };
}

const safeDecode = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const cached = (part: JsonObject): Record<string, Maybe> => ({
  cache_control: part.cache_control ?? undefined,
});

/**
 * Content of a chat message as blocks of messages. Empty text is left out: Anthropic refuses it.
 * @param field the path of the content in the client's body
 * @throws `bad_request` for a part that has no counterpart
 */
export function blocksOfChatContent(content: Maybe, field: string): JsonObject[] {
  if (!given(content)) return [];
  if (typeof content === 'string') return content === '' ? [] : [{ type: 'text', text: content }];
  return requireObjects(content, field).flatMap((part, i) => present(blockOfPart(part, `${field}[${i}]`)));
}

function blockOfPart(part: JsonObject, field: string): JsonObject | null {
  switch (part.type) {
    case 'text':
    case 'refusal': {
      const text = requireString(part[part.type as string], `${field}.${part.type}`);
      return text === '' ? null : compact({ type: 'text', text, ...cached(part) });
    }
    case 'image_url':
      return compact({ ...imageBlock(part, field), ...cached(part) });
    case 'file':
      return compact({ ...documentBlock(objectOf(part.file), `${field}.file`), ...cached(part) });
    case 'input_audio':
    case 'video_url':
    case 'input_video':
      throw badRequest(`${field}.type`, 'is a kind of content that this model does not take');
    default:
      throw badRequest(`${field}.type`, 'is no known kind of content');
  }
}

function imageBlock(part: JsonObject, field: string): JsonObject {
  const url = requireString(
    isObject(part.image_url) ? part.image_url.url : part.image_url,
    `${field}.image_url.url`,
  );
  const inline = parseDataUrl(url);
  if (inline === null) {
    if (!/^https?:/i.test(url)) throw badRequest(`${field}.image_url.url`, 'must be an http(s) or data URL');
    return { type: 'image', source: { type: 'url', url } };
  }
  const mediaType = inline.mediaType === 'image/jpg' ? 'image/jpeg' : inline.mediaType;
  if (!IMAGE_TYPES.has(mediaType))
    throw badRequest(`${field}.image_url.url`, 'must hold a JPEG, PNG, GIF or WebP image');
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data: inline.data } };
}

function documentBlock(file: JsonObject, field: string): JsonObject {
  if (given(file.file_id) && !given(file.file_data))
    throw badRequest(`${field}.file_id`, 'names a file of another provider: send file_data instead');
  const url = requireString(file.file_data, `${field}.file_data`);
  const title = stringOf(file.filename) ?? undefined;
  const inline = parseDataUrl(url);
  if (inline === null && /^https?:/i.test(url))
    return compact({ type: 'document', source: { type: 'url', url }, title });
  if (inline === null) throw badRequest(`${field}.file_data`, 'must be an http(s) or data URL');
  if (IMAGE_TYPES.has(inline.mediaType))
    return { type: 'image', source: { type: 'base64', media_type: inline.mediaType, data: inline.data } };
  if (inline.mediaType === 'application/pdf')
    return compact({
      type: 'document',
      source: { type: 'base64', media_type: 'application/pdf', data: inline.data },
      title,
    });
  if (inline.mediaType.startsWith('text/') || inline.mediaType === 'application/json') {
    const data = Buffer.from(inline.data, 'base64').toString();
    return compact({ type: 'document', source: { type: 'text', media_type: 'text/plain', data }, title });
  }
  throw badRequest(`${field}.file_data`, 'must hold a PDF, an image or text');
}

/**
 * A text, image, document or search_result block as parts of a chat message; null for blocks of another kind.
 * @throws `bad_request` for a source without counterpart
 */
export function partsOfBlock(block: JsonObject, field: string): JsonObject[] | null {
  switch (block.type) {
    case 'text':
      return [compact({ type: 'text', text: requireString(block.text, `${field}.text`), ...cached(block) })];
    case 'image':
      return [imagePart(block, field)];
    case 'document':
      return documentParts(block, field);
    case 'search_result':
      return searchResultParts(block, field);
    default:
      return null;
  }
}

function imagePart(block: JsonObject, field: string): JsonObject {
  const source = objectOf(block.source);
  const url =
    source.type === 'base64'
      ? dataUrl(source, `${field}.source`)
      : source.type === 'url'
        ? requireString(source.url, `${field}.source.url`)
        : null;
  if (url === null) throw badRequest(`${field}.source.type`, 'must be base64 or url for this model');
  return compact({ type: 'image_url', image_url: { url }, ...cached(block) });
}

const dataUrl = (source: JsonObject, field: string): string =>
  `data:${requireString(source.media_type, `${field}.media_type`)};base64,${requireString(source.data, `${field}.data`)}`;

function documentParts(block: JsonObject, field: string): JsonObject[] {
  if (objectOf(block.citations).enabled === true)
    throw badRequest(`${field}.citations`, 'has no counterpart for this model');
  const source = objectOf(block.source);
  const file = (url: string, fallback: string) => [
    compact({
      type: 'file',
      file: { filename: stringOf(block.title) ?? fallback, file_data: url },
      ...cached(block),
    }),
  ];
  switch (source.type) {
    case 'base64':
      return file(dataUrl(source, `${field}.source`), 'document.pdf');
    case 'url':
      return file(requireString(source.url, `${field}.source.url`), 'document.pdf');
    case 'text':
      return [
        compact({
          type: 'text',
          text: titled(block, requireString(source.data, `${field}.source.data`)),
          ...cached(block),
        }),
      ];
    case 'content': {
      if (typeof source.content === 'string')
        return [compact({ type: 'text', text: titled(block, source.content), ...cached(block) })];
      const inner = requireObjects(source.content, `${field}.source.content`);
      return inner.flatMap((b, i) => partsOfBlock(b, `${field}.source.content[${i}]`) ?? []);
    }
    default:
      throw badRequest(`${field}.source.type`, 'must be base64, url, text or content for this model');
  }
}

const titled = (block: JsonObject, text: string): string => {
  const head = [stringOf(block.title), stringOf(block.context)].filter((s) => s !== null && s !== '');
  return head.length > 0 ? `${head.join('\n')}\n\n${text}` : text;
};

function searchResultParts(block: JsonObject, field: string): JsonObject[] {
  const text = requireObjects(block.content, `${field}.content`)
    .map((b) => stringOf(b.text) ?? '')
    .join('\n');
  const head = [stringOf(block.title), stringOf(block.source)].filter((s) => s !== null && s !== '');
  return [compact({ type: 'text', text: [...head, text].join('\n'), ...cached(block) })];
}

/** What a tool says whose answer is a picture or a file alone, where tools answer in text. */
export const RESULT_FOLLOWS = 'The result is in the next message.';

/** Parts of one chat message: a plain string where they are text alone and carry nothing else. */
export function chatContent(parts: JsonObject[]): Json {
  const only = parts[0];
  if (parts.length === 1 && only?.type === 'text' && only.cache_control === undefined) return only.text ?? '';
  return parts;
}
