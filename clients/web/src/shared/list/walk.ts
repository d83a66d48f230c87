/** The list that one came from: the record's page goes on through it, forth and back. */
let list: { address: string; title: string; ids: string[] } | null = null;

export function rememberList(address: string, title: string, ids: string[]) { list = { address, title, ids }; }

export function neighbours(id: string) {
  const at = list?.ids.indexOf(id) ?? -1;
  if (!list || at < 0) return null;
  return { address: list.address, title: list.title, previous: list.ids[at - 1], next: list.ids[at + 1], position: at + 1, of: list.ids.length };
}
