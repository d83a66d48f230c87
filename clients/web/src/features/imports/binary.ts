/** How files of other programs begin, and what people call them. */
const known: [number[], string][] = [
  [[0x50, 0x4b, 0x03, 0x04], 'a workbook or an archive (.xlsx, .ods, .zip)'], [[0xd0, 0xcf, 0x11, 0xe0], 'an old workbook (.xls)'], [[0x25, 0x50, 0x44, 0x46, 0x2d], 'a PDF'],
  [[0x1f, 0x8b], 'a compressed file (.gz)'], [[0x89, 0x50, 0x4e, 0x47], 'a picture'], [[0xff, 0xd8, 0xff], 'a picture'], [[0x47, 0x49, 0x46, 0x38], 'a picture'], [[0x7f, 0x45, 0x4c, 0x46], 'a program'],
];

/** So many bytes tell. */
const head = 65_536;

/** What a file is when it is no text, whatever its name says; nothing when it may be one. */
export async function binaryKind(file: Blob): Promise<string | null> {
  const bytes = new Uint8Array(await file.slice(0, head).arrayBuffer());
  const kind = known.find(([begin]) => begin.every((byte, i) => bytes[i] === byte));
  if (kind) return kind[1];
  return isWide(bytes) || !bytes.some(isControl) ? null : 'no text';
}

/** UTF-16: by its mark, or as every second byte of Latin letters is zero. */
function isWide(bytes: Uint8Array): boolean {
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff)) return true;
  const [even, odd] = [0, 1].map((from) => bytes.subarray(0, 512).filter((byte, i) => i % 2 === from && byte === 0).length) as [number, number];
  const most = Math.min(bytes.length, 512);
  return (odd > most / 4 && even < most / 20) || (even > most / 4 && odd < most / 20);
}

/** What no text file has: control characters besides tabs and line ends. Exports of old programs end in a Ctrl-Z (1A). */
const isControl = (byte: number) => byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0b && byte !== 0x0c && byte !== 0x0d && byte !== 0x1a;
