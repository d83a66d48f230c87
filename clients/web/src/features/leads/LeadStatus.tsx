import type { StatusCategory } from './queries';
import classes from './LeadStatus.module.css';

/** A status; its category shows as a shape and a tone, never as a colour alone. */
export function LeadStatus({ name, category }: { name: string; category: StatusCategory }) {
  return <span className={classes.badge} data-category={category}>{name}</span>;
}
