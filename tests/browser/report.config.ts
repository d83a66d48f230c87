import { defineConfig } from '@playwright/test';
import config from './playwright.config';

/** `report/run`: pictures of every page, and how fast the main ones are. */
export default defineConfig({ ...config, projects: undefined, testDir: 'report', workers: 1, retries: 0, timeout: 900_000, reporter: 'list' });
