import { defineConfig } from '@playwright/test';
import { system } from './system';

/** Debian's Chromium against one running system, which LEADCRM_DATA names. ../../test.sh starts it; README.md says how by hand. */
export default defineConfig({
  testDir: 'specs',
  fullyParallel: true,
  workers: 2,
  retries: 1,   // a busy machine fails a deadline once; what passes then is named as unsteady
  timeout: 90_000,
  expect: { timeout: 20_000 },
  // What changes the rules for everybody comes last, one by one: `alone` also runs all the others before it, so name `--project together` to try a single test.
  projects: [{ name: 'together', testIgnore: '**/alone/**' }, { name: 'alone', testMatch: '**/alone/**', dependencies: ['together'], fullyParallel: false }],
  outputDir: `${process.env.LEADCRM_BROWSER_RESULTS ?? '../../TestResults/browser'}/failures`,
  reporter: [['list'], ['json', { outputFile: `${process.env.LEADCRM_BROWSER_RESULTS ?? '../../TestResults/browser'}/results.json` }]],
  use: {
    baseURL: system.gateway,
    browserName: 'chromium',
    viewport: { width: 1440, height: 900 },
    locale: 'en-GB',
    screenshot: 'only-on-failure',
    launchOptions: { executablePath: process.env.LEADCRM_CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] },
  },
});
