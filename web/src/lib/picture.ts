/** An SVG picture of the server as a PNG, drawn by the browser. */
import { checked } from './api.ts';

/** Pixels for one of the picture: sharp on a dense screen and on a slide. */
const SCALE = 2;

/** @throws Refusal; Error if the server does not answer or the browser cannot draw it */
export async function pngOf(svgAddress: string): Promise<Blob> {
  const svg = await (await checked(await fetch(svgAddress))).blob();
  const source = URL.createObjectURL(svg);
  try {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = document.createElement('canvas');
    canvas.width = image.naturalWidth * SCALE;
    canvas.height = image.naturalHeight * SCALE;
    canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await new Promise((resolve, reject) =>
      canvas.toBlob((png) => (png ? resolve(png) : reject(new Error('The picture is empty.'))), 'image/png'),
    );
  } finally {
    URL.revokeObjectURL(source);
  }
}

export function saveAs(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}
