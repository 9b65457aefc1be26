/**
 * Whether the reader points or types, kept on the root element. Tabs and choices take the focus by script when they
 * are pressed, which browsers show like a focus that came by keyboard; the ring is for those who type.
 */
export function watchInputMode(): void {
  const { dataset } = document.documentElement;
  window.addEventListener('pointerdown', () => (dataset.input = 'pointer'), true);
  window.addEventListener('keydown', () => delete dataset.input, true);
}
