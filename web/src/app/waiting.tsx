/** Stands where the page will be while its program or its first answers are on their way. */
export function Waiting({ id }: { id: string }) {
  return (
    <main id={id} tabIndex={-1} aria-busy="true" className="mx-auto max-w-[1240px] px-4 py-12 sm:px-8">
      <div className="skeleton mb-6 h-10 w-2/3 max-w-xl" />
      <div className="skeleton h-24 w-full" />
    </main>
  );
}
