import { Badge } from '@mantine/core';
import type { StatusCategory } from './queries';
import classes from './LeadStatus.module.css';

/** A status; its category shows as a shape and a tone, never as a colour alone. */
export function LeadStatus({ name, category }: { name: string; category: StatusCategory }) {
  return <Badge className={classes.badge} data-category={category} classNames={{ label: classes.label }}>{name}</Badge>;
}
