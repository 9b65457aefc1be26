import fc from 'fast-check';
import { expect, it } from 'vitest';
import { languageOf } from './language.ts';

it.each([
  ['Write a function that removes duplicates from a sorted list', 'en'],
  ['how do i get my cat to stop scratching the sofa', 'en'],
  ['¿Puedes ayudarme a escribir una carta para mi casero?', 'es'],
  ['Escreva um e-mail para o meu chefe pedindo férias em julho', 'pt'],
  ['Peux-tu m’expliquer la différence entre ces deux contrats ?', 'fr'],
  ['Schreibe mir bitte eine kurze Zusammenfassung dieses Textes', 'de'],
  ['Scrivi una poesia sulla pioggia d’autunno per mia nonna', 'it'],
  ['Hãy viết cho tôi một bài thơ về mùa thu Hà Nội', 'vi'],
  ['Buatkan surat lamaran kerja untuk posisi kasir di minimarket', 'id'],
  ['Gimana cara memperbaiki laptop yang tiba-tiba mati sendiri?', 'id'],
  ['Boleh tolong terangkan perbezaan antara dua kontrak ini kepada saya?', 'ms'],
  ['Напиши скрипт, который переименует все файлы в папке', 'ru'],
  ['сделай короче', 'ru'],
  ['рецепт борща на пять литров', 'ru'],
  ['Напиши ми писмо до учителката, че утре ще закъснеем', 'bg'],
  ['Напиши ми молбу за посао у библиотеци, молим те, и нека буде кратка', 'sr'],
  ['Напішы мне ліст да настаўніцы, што мы заўтра спознімся', 'be'],
  ['Поясни, будь ласка, як працює ця функція і чому вона повільна', 'uk'],
  ['请帮我写一封辞职信，语气要委婉', 'zh-Hans'],
  ['請幫我寫一封辭職信，語氣要委婉', 'zh-Hant'],
  ['この関数がなぜ遅いのか説明してください', 'ja'],
  ['이 코드를 설명해 주세요', 'ko'],
  ['ช่วยแปลประโยคนี้เป็นภาษาอังกฤษหน่อย', 'th'],
  ['اكتب لي رسالة رسمية إلى مديري', 'ar'],
  ['लेख का सारांश हिंदी में लिखिए, कृपया', 'hi'],
  ['תרגם את המשפט הזה לאנגלית', 'he'],
  [
    '解释一下这段代码：\n```python\nfor item in items:\n    print(item.name, item.value, item.total)\n```',
    'zh-Hans',
  ],
  ['用 React 和 TypeScript 写一个 useDebounce hook', 'zh-Hans'],
  ['Почему не работает const x = await fetch(url)?', 'ru'],
  ['Translate this into English: 这个问题', 'en'],
])('%s', (text, language) => {
  expect(languageOf(text)).toBe(language);
});

it.each(['', 'ok', 'hi', '12345 + 678', '???', '{}[]', '😀😀😀', 'a1 b2 c3'])(
  'says nothing about “%s”',
  (text) => {
    expect(languageOf(text)).toBeNull();
  },
);

it('answers a language tag or nothing, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(languageOf(text) ?? 'en').toMatch(/^[a-z]{2}(-Han[st])?$/);
    }),
  );
});
