/** What goes to the clipboard: text, and pictures where the browser takes them. */

/** The clipboard API is closed to pages that are not secure; the old way still works there. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement('textarea');
    area.value = text;
    area.style.position = 'fixed';
    area.style.opacity = '0';
    document.body.append(area);
    area.select();
    const done = document.execCommand('copy');
    area.remove();
    return done;
  }
}

export const canCopyPictures = (): boolean =>
  typeof ClipboardItem !== 'undefined' && navigator.clipboard !== undefined;

/** @param png still being made: a browser lets a page write only right after a press, so the promise itself is given */
export async function copyPicture(png: Promise<Blob>): Promise<boolean> {
  try {
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': png })]);
    return true;
  } catch {
    return false;
  }
}
