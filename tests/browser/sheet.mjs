import { chromium } from '@playwright/test';
import { readdirSync } from 'node:fs';
const [dir, out, per = '12', width = '470', from = '0'] = process.argv.slice(2);
const files = readdirSync(dir).filter((f) => f.endsWith('.png'));
const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox'] });
const page = await browser.newPage({ viewport: { width: Math.floor(1900 / width) * width + 20 < 1000 ? 1900 : 1920, height: 800 } });
for (let i = Number(from), n = 0; i < files.length; i += Number(per), n++) {
  const some = files.slice(i, i + Number(per));
  await page.goto('about:blank');
  await page.goto('file://' + dir);
  await page.setContent(`<body style="margin:0;background:#888;display:flex;flex-wrap:wrap;gap:6px;font:12px sans-serif">${some.map((f) => `<figure style="margin:0"><figcaption>${f}</figcaption><img src="file://${dir}/${f}" width="${width}"></figure>`).join('')}</body>`);
  await page.waitForLoadState('load');
  await page.screenshot({ path: `${out}-${n}.png`, fullPage: true });
}
await browser.close();
