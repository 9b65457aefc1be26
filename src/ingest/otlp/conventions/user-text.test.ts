import { describe, expect, it } from 'vitest';
import type { SentValue } from '../../../bench/otlp-spans.ts';
import { CHAT, read, readOne, span } from '../read-traces.fixture.ts';

describe('the text of the user’s last message is found when it is asked for', () => {
  const messages = [
    { role: 'user', content: 'earlier' },
    { role: 'assistant', content: 'no' },
    { role: 'user', content: 'the last words' },
  ];
  const parts = messages.map(({ role, content }) => ({ role, parts: [{ type: 'text', content }] }));
  it.each<[string, Record<string, SentValue>]>([
    ['GenAI', { ...CHAT, 'gen_ai.input.messages': JSON.stringify(parts) }],
    ['GenAI, older', { ...CHAT, 'gen_ai.prompt': JSON.stringify({ messages }) }],
    [
      'OpenLLMetry',
      {
        ...CHAT,
        'llm.request.type': 'chat',
        ...Object.fromEntries(
          messages.flatMap(({ role, content }, i) => [
            [`gen_ai.prompt.${i}.role`, role],
            [`gen_ai.prompt.${i}.content`, content],
          ]),
        ),
      },
    ],
    [
      'OpenInference',
      {
        'openinference.span.kind': 'LLM',
        'llm.model_name': 'm',
        'llm.token_count.prompt': 1,
        ...Object.fromEntries(
          messages.flatMap(({ role, content }, i) => [
            [`llm.input_messages.${i}.message.role`, role],
            [`llm.input_messages.${i}.message.contents.0.message_content.text`, content],
          ]),
        ),
      },
    ],
    [
      'Langfuse',
      {
        'langfuse.observation.type': 'generation',
        'langfuse.observation.model.name': 'm',
        'langfuse.observation.usage_details': '{"input":1}',
        'langfuse.observation.input': JSON.stringify({ messages, model: 'm' }),
      },
    ],
    [
      'Vercel AI SDK',
      {
        'ai.operationId': 'ai.generateText.doGenerate',
        'ai.model.id': 'm',
        'ai.usage.inputTokens': 1,
        'ai.prompt.messages': JSON.stringify(
          messages.map(({ role, content }) => ({ role, content: [{ type: 'text', text: content }] })),
        ),
      },
    ],
    [
      'OpenRouter',
      { ...CHAT, 'openrouter.provider_name': 'x', 'gen_ai.prompt': JSON.stringify({ messages }) },
    ],
  ])('%s', (_name, attributes) => {
    for (const encoding of ['json', 'protobuf'] as const) {
      const { generations } = read([{ resource: {}, scope: '', spans: [span(attributes)] }], encoding);
      expect(generations[0]?.userText?.()).toBe('the last words');
      expect(JSON.stringify(generations[0]?.generation)).not.toContain('words');
    }
  });

  it('there is none where no text was sent', () => {
    expect(readOne(CHAT).generations[0]?.userText).toBeNull();
  });
});
