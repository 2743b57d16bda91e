import { defineConfig } from '@playwright/test';
import stories from './playwright.config.ts';

/** What is measured, one after the other. */
export default defineConfig({ ...stories, testDir: 'reports', workers: 1, fullyParallel: false, reporter: [['dot']] });
