/** Prompts a second of one core: the embedded classifier, the language, the sampler. */
import { embeddedModel } from '../classify/embedded.ts';
import { languageOf } from '../classify/language.ts';
import { createSampler } from '../classify/sampler.ts';
import type { Generation } from '../generation/generation.ts';
import { judge, type Measurement } from './measure.ts';

/** Kinds of prompts, up to 300 characters; numbers make each another one. */
const PROMPTS = [
  'Write a TypeScript function that groups orders by customer and returns the three with the highest total',
  'my flight got cancelled, what am I entitled to and how do I ask for it politely in one short email?',
  '请帮我把下面这段话翻译成英文，语气正式一些：我们很高兴地通知您，您的申请已经通过',
  'Traceback (most recent call last):\n  File "app.py", line 12, in <module>\n    main()\nKeyError: \'id\'\nwhy does this fail?',
  'Напиши короткий рассказ о маяке, в котором никто не живёт уже сто лет',
  '¿Cuál es la diferencia entre una cuenta de ahorro y un fondo indexado si quiero retirar el dinero en dos años?',
  'You lean against the bar of the tavern. "What do you want, stranger?" *she asks, polishing a glass*',
  'ช่วยสรุปรายงานการประชุมนี้เป็นข้อ ๆ ให้หน่อย',
];
const TARGETS = { classifier: 50_000, language: 15_000 };
const [WARM_UP, ROUNDS] = [2, 5];

export function benchClassify(say: (text: string) => void): Measurement[] {
  say('Classifying');
  const prompts = Array.from({ length: 16_000 }, (_, i) => `${PROMPTS[i % PROMPTS.length]} ${i}`);
  const model = embeddedModel();
  const sampler = createSampler({
    settings: () => ({ rate: 0.0025, exceptApps: [] }),
    classifier: () => null,
    mostWaiting: Number.POSITIVE_INFINITY,
  });
  const bodies = prompts.map((text) => {
    const body = Buffer.from(JSON.stringify({ messages: [{ role: 'user', content: text }] }));
    return {
      dialect: 'chat' as const,
      body,
      members: [{ key: 'messages', start: 12, end: body.length - 1 }],
    };
  });
  return [
    measured('classifier', TARGETS.classifier, prompts, (text) => model.predict(text)),
    measured('language', TARGETS.language, prompts, languageOf),
    // All that is done for a generation outside the sample: the coin, the prompt out of the request, its language.
    measured('sampler, language included', TARGETS.language, bodies, (prompt) =>
      sampler.annotate({} as Generation, prompt, true, () => undefined),
    ),
  ];
}

/** By processor time, so that what else the machine does does not count. */
function measured<T>(
  name: string,
  target: number,
  items: readonly T[],
  work: (item: T) => unknown,
): Measurement {
  for (let round = 0; round < WARM_UP; round++) for (const item of items) work(item);
  // Some systems count processor time in steps of milliseconds: all rounds together.
  const before = process.cpuUsage();
  for (let round = 0; round < ROUNDS; round++) for (const item of items) work(item);
  const { user, system } = process.cpuUsage(before);
  const rate = (items.length * ROUNDS) / ((user + system) / 1e6);
  return judge(
    {
      bench: 'classify',
      name,
      value: `${Math.round(rate).toLocaleString('en-GB')} prompts/s a core`,
      against: `${target.toLocaleString('en-GB')}`,
      ratio: rate / target,
      detail: { promptsPerSecond: rate },
    },
    '>=',
    1,
  );
}
