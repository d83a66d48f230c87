import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import classes from './Details.module.css';
import { sections, type DetailField } from './fields';
import { InlineField } from './InlineField';
import type { Lead } from './queries';

const isEmpty = (lead: Lead, field: DetailField) => { const value = lead[field.name]; return value === null || value === undefined || value === '' || value === false; };

/** What is known of a lead, in sections; what is empty is folded away until it is wanted. */
export function Details({ lead, mayEdit }: { lead: Lead; mayEdit: boolean }) {
  const [all, setAll] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  const hidden = sections.flatMap((section) => section.fields).filter((field) => isEmpty(lead, field) && field.kind !== 'currency').length;

  function next(from: string, back: boolean) {
    setTimeout(() => {
      const fields = [...box.current?.querySelectorAll<HTMLElement>('[data-field]') ?? []];
      const at = fields.findIndex((field) => field.dataset.field === from);
      const to = fields[at + (back ? -1 : 1)];
      to?.querySelector<HTMLButtonElement>('button')?.click();
    });
  }

  return (
    <div ref={box}>
      {sections.map((section) => {
        const fields = section.fields.filter((field) => all ? field.kind !== 'currency' || !isEmpty(lead, field) : !isEmpty(lead, field) && field.kind !== 'currency');
        return fields.length === 0 ? null : (
          <section key={section.title} className={classes.section} aria-label={section.title}>
            <h2>{section.title}</h2>
            {fields.map((field) => <InlineField key={field.name} lead={lead} field={field} mayEdit={mayEdit} onNext={(back) => next(field.name, back)} />)}
          </section>
        );
      })}
      {hidden > 0 && <Button variant="subtle" color="gray" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Hide what is empty' : `Show ${hidden} empty`}</Button>}
    </div>
  );
}
