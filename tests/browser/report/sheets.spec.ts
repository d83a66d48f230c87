import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { test } from '@playwright/test';

/** What was photographed, some pictures on a sheet, so that all of them can be looked at: a file `sheet-N.png` beside them. */
const root = process.env.LEADCRM_PICTURES ?? '../../TestResults/pages';
const perSheet = { 320: 14, 390: 14, 1440: 9 } as Record<string, number>;
const widths = { 320: 270, 390: 270, 1440: 640 } as Record<string, number>;

// Read by runs of other parts, too, before which no picture was taken.
for (const state of existsSync(root) ? readdirSync(root) : []) for (const look of readdirSync(`${root}/${state}`)) {
  test(`sheets of ${state}, ${look}`, async ({ page }) => {
    const from = `${root}/${state}/${look}`;
    const size = look.split('-')[0]!;
    const names = readdirSync(from).filter((name) => !name.startsWith('sheet-')).sort();
    const columns = Math.floor(1960 / widths[size]!);
    await page.setViewportSize({ width: 1980, height: 600 });
    for (let i = 0; i * perSheet[size]! < names.length; i++) {
      const some = names.slice(i * perSheet[size]!, (i + 1) * perSheet[size]!);
      await page.setContent(`<body style="margin:6px;background:#888;font:600 14px sans-serif;display:grid;grid-template-columns:repeat(${columns},1fr);gap:8px">${some.map((name) =>
        `<figure style="margin:0">${name.replace('.png', '')}<img style="width:100%;display:block" src="data:image/png;base64,${readFileSync(`${from}/${name}`).toString('base64')}"></figure>`).join('')}</body>`);
      await page.screenshot({ path: `${from}/sheet-${i + 1}.png`, fullPage: true });
    }
  });
}
