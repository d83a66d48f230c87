import type { ReactNode } from 'react';
import classes from './Tag.module.css';

/** A word on how something stands. */
export const Tag = ({ tone = 'neutral', children }: { tone?: 'neutral' | 'good' | 'warning' | 'bad' | 'information'; children: ReactNode }) => <span className={classes.tag} data-tone={tone}>{children}</span>;
