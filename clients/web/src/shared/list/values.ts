/** The values of `in`, as the address and the API have them: a comma between them; one that holds a comma, or begins with a quote, stands in double quotes. */
export function readValues(text: string): string[] {
  if (text === '') return [];
  return [...`,${text}`.matchAll(/,(?:"((?:[^"]|"")*)"(?=,|$)|([^,]*))/g)].map(([, quoted, bare]) => quoted?.replaceAll('""', '"') ?? bare ?? '');
}

export const writeValues = (values: string[]) => values.map((value) => /^"|,/.test(value) ? `"${value.replaceAll('"', '""')}"` : value).join(',');
