import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { fieldDraft } from '@/shared/drafts';
import classes from './Details.module.css';
import { InlineField } from './InlineField';
import { isEmpty, valueOf, type Editing, type Section, type Versioned } from './types';

/** What is known of a record, in sections; what is empty is folded away until it is wanted. */
export function Details<R extends Versioned>({ record, editing, sections, mayEdit }: { record: R; editing: Editing<R>; sections: Section[]; mayEdit: boolean }) {
  const [all, setAll] = useState(false);
  const box = useRef<HTMLDivElement>(null);
  /** Nothing is there, and nothing was typed that waits to be saved. */
  const isBlank = (name: string) => isEmpty(valueOf(record, name)) && fieldDraft(`${record.id}:${name}`).read() === null;
  const hidden = sections.flatMap((section) => section.fields).filter((field) => isBlank(field.name) && field.kind !== 'currency').length;

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
        const fields = section.fields.filter((field) => all ? field.kind !== 'currency' || !isEmpty(valueOf(record, field.name)) : !isBlank(field.name) && field.kind !== 'currency');
        return fields.length === 0 ? null : (
          <section key={section.title} className={classes.section} aria-label={section.title}>
            <h2>{section.title}</h2>
            {fields.map((field) => <InlineField key={field.name} record={record} editing={editing} field={field} mayEdit={mayEdit} onNext={(back) => next(field.name, back)} />)}
          </section>
        );
      })}
      {hidden > 0 && <Button variant="subtle" color="gray" aria-expanded={all} onClick={() => setAll(!all)}>{all ? 'Hide what is empty' : `Show ${hidden} empty`}</Button>}
    </div>
  );
}
