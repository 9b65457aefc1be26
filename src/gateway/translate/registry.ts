/** Which dialects are translated into which. */
import type { Dialect, Translation } from '../contract.ts';
import { chatRequestToMessages } from './chat-request-to-messages.ts';
import { chatRequestToResponses } from './chat-request-to-responses.ts';
import { chatResponseToMessages } from './chat-response-to-messages.ts';
import { chatResponseToResponses } from './chat-response-to-responses.ts';
import { chatStreamToMessages } from './chat-stream-to-messages.ts';
import { chatStreamToResponses } from './chat-stream-to-responses.ts';
import {
  chatResponseToCompletions,
  chatStreamToCompletions,
  completionsRequestToChat,
} from './completions-over-chat.ts';
import { compose } from './compose.ts';
import { messagesRequestToChat } from './messages-request-to-chat.ts';
import { messagesResponseToChat } from './messages-response-to-chat.ts';
import { messagesStreamToChat } from './messages-stream-to-chat.ts';
import { responsesRequestToChat } from './responses-request-to-chat.ts';
import { responsesResponseToChat } from './responses-response-to-chat.ts';
import { responsesStreamToChat } from './responses-stream-to-chat.ts';

const chatOverMessages: Translation = {
  request: chatRequestToMessages,
  response: messagesResponseToChat,
  stream: messagesStreamToChat,
};

const messagesOverChat: Translation = {
  request: messagesRequestToChat,
  response: chatResponseToMessages,
  stream: chatStreamToMessages,
};

const responsesOverChat: Translation = {
  request: responsesRequestToChat,
  response: chatResponseToResponses,
  stream: chatStreamToResponses,
};

const completionsOverChat: Translation = {
  request: completionsRequestToChat,
  response: chatResponseToCompletions,
  stream: chatStreamToCompletions,
};

const chatOverResponses: Translation = {
  request: chatRequestToResponses,
  response: responsesResponseToChat,
  stream: responsesStreamToChat,
};

/** `client>upstream` */
const TRANSLATIONS: Readonly<Record<string, Translation>> = {
  'chat>messages': chatOverMessages,
  'chat>responses': chatOverResponses,
  'messages>chat': messagesOverChat,
  'messages>responses': compose(messagesOverChat, chatOverResponses),
  'completions>chat': completionsOverChat,
  'completions>responses': compose(completionsOverChat, chatOverResponses),
  'completions>messages': compose(completionsOverChat, chatOverMessages),
  'responses>chat': responsesOverChat,
  'responses>messages': compose(responsesOverChat, chatOverMessages),
};

/**
 * How a client that speaks `from` is served by an upstream that speaks `to`. Without state of its own; `stream()` makes
 * what one answer needs. null = there is no translation, or none is needed because both are the same.
 */
export function translationFor(from: Dialect, to: Dialect): Translation | null {
  return TRANSLATIONS[`${from}>${to}`] ?? null;
}
