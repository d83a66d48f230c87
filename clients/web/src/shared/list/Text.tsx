/** A text in a cell: cut where the column ends, whole on hover. */
export function Text({ children }: { children: string | number | null | undefined }) {
  return children === null || children === undefined || children === '' ? null : <span className="nowrap" title={String(children)}>{children}</span>;
}
