/** The list that one came from: the record's page goes on through it, forth and back. */
let list: { address: string; title: string; rows: readonly { id: string }[] } | null = null;

/** Kept as it is, whatever its length: it is looked through when a record opens. */
export function rememberList(address: string, title: string, rows: readonly { id: string }[]) { list = { address, title, rows }; }

export function neighbours(id: string) {
  const at = list?.rows.findIndex((row) => row.id === id) ?? -1;
  if (!list || at < 0) return null;
  return { address: list.address, title: list.title, previous: list.rows[at - 1]?.id, next: list.rows[at + 1]?.id, position: at + 1, of: list.rows.length };
}
