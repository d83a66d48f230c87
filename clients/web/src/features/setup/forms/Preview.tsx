import { Button, Checkbox, Select, Textarea, TextInput } from '@mantine/core';
import classes from './Forms.module.css';
import type { CaptureField, FormField } from './queries';

/** The form as people will read it. Nothing that is typed here goes anywhere. */
export function Preview({ title, description, fields, known, consent }: { title: string; description: string; fields: FormField[]; known: CaptureField[]; consent: { text: string; required?: boolean } | null }) {
  return (
    <div className={classes.preview} role="group" aria-label="How the form looks">
      <h3>{title}</h3>
      {description && <p className="breaks" style={{ whiteSpace: 'pre-line' }}>{description}</p>}
      {fields.filter((field) => !field.hidden).map((field) => {
        const kind = known.find((one) => one.name === field.name);
        const props = { label: field.label || kind?.label || field.name, withAsterisk: field.required === true, defaultValue: field.defaultValue ?? '' };
        const options = field.options as string[] | null | undefined;
        return options?.length ? <Select key={field.name} {...props} defaultValue={field.defaultValue ?? null} data={options} /> : kind?.kind === 'text' ? <Textarea key={field.name} {...props} minRows={3} autosize /> : <TextInput key={field.name} {...props} type={kind?.kind === 'email' ? 'email' : kind?.kind === 'phone' ? 'tel' : 'text'} />;
      })}
      {consent?.text && <Checkbox label={consent.text} required={consent.required} />}
      <div><Button type="button" variant="default">Send</Button></div>
    </div>
  );
}
