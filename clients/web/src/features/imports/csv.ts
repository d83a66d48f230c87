/** Reads records of RFC 4180: quotes, doubled ones inside, line ends in between. What is malformed is taken as it stands. */
export function readCsv(text: string, delimiter: string, most = Infinity): string[][] {
  const records: string[][] = [];
  let record: string[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (at < text.length && records.length < most) {
    let cell = '';
    if (text[at] === '"') {
      for (at++; at < text.length; at++) {
        if (text[at] !== '"') cell += text[at];
        else if (text[at + 1] === '"') { cell += '"'; at++; }
        else break;
      }
      at++;
    }
    while (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') cell += text[at++];
    record.push(cell);
    if (text[at] === delimiter && at + 1 < text.length) { at++; continue; }
    if (text[at] === delimiter) record.push('');
    if (text[at] === '\r' && text[at + 1] === '\n') at++;
    at++;
    records.push(record);
    record = [];
  }
  return records;
}

/** Records as a file; every cell in quotes, so that nothing in it means anything. */
export const writeCsv = (records: string[][], delimiter: string) => records.map((cells) => cells.map((cell) => `"${cell.replaceAll('"', '""')}"`).join(delimiter)).join('\r\n') + '\r\n';

/** Files for spreadsheets have an apostrophe before what would be taken for a formula; people read the cell without it. */
export const unguarded = (cell: string) => /^'[=+\-@\t\r]/.test(cell) ? cell.slice(1) : cell;
