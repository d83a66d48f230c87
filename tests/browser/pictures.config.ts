import { defineConfig } from '@playwright/test';
import config from './playwright.config';

/** `npm run pictures`: the pictures of the documentation, from a system with sample data. */
export default defineConfig({ ...config, projects: undefined, testDir: 'pictures', workers: 1, retries: 0, reporter: 'list' });
