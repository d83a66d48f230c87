import { Checkbox, MultiSelect, NumberInput, Select, Textarea, TextInput } from '@mantine/core';
import { RecordField } from './RecordField';
import { UserField } from './UserField';
import type { CustomField } from './queries';

interface Props { field: CustomField; value: unknown; onChange: (next: unknown) => void; label?: string; description?: string; error?: string; autoFocus?: boolean; size?: 'xs'; 'aria-label'?: string; name?: string; onBlur?: () => void; onKeyDown?: (event: React.KeyboardEvent) => void }

/** Whether people write the field: numbers that the system gives, they do not. */
export const isWritable = (field: CustomField) => field.type !== 'autoNumber';

/** The control in which a value of a custom field is typed; empty is null. */
export function CustomInput({ field, value, onChange, ...props }: Props) {
  const text = typeof value === 'string' ? value : value === null || value === undefined ? '' : String(value);
  const put = (next: string) => onChange(next === '' ? null : next);
  switch (field.type) {
    case 'checkbox': return <Checkbox {...props} checked={value === true} onChange={(event) => onChange(event.currentTarget.checked)} />;
    case 'number': case 'percent': return <NumberInput {...props} value={(value as number | null | undefined) ?? ''} onChange={(next) => onChange(next === '' ? null : Number(next))} decimalScale={field.decimals ?? 8} hideControls suffix={field.type === 'percent' ? ' %' : undefined} />;
    case 'currency': return <Money {...props} value={value} onChange={onChange} decimals={field.decimals ?? 4} />;
    case 'date': return <TextInput {...props} type="date" value={text} onChange={(event) => put(event.currentTarget.value)} />;
    case 'dateTime': return <TextInput {...props} type="datetime-local" value={text && localTime(text)} onChange={(event) => onChange(event.currentTarget.value ? new Date(event.currentTarget.value).toISOString() : null)} />;
    case 'pickList': return field.isRestricted === false
      ? <TextInput {...props} list={`options-${field.id}`} value={text} onChange={(event) => put(event.currentTarget.value)} rightSectionWidth={0} rightSection={<datalist id={`options-${field.id}`}>{choices(field, [text]).map((one) => <option key={one.value} value={one.value}>{one.label}</option>)}</datalist>} />
      : <Select {...props} clearable searchable data={choices(field, [text])} value={text || null} onChange={onChange} />;
    case 'multiSelect': return <MultiSelect {...props} clearable searchable hidePickedOptions data={choices(field, value as string[] | null ?? [])} value={value as string[] | null ?? []} onChange={(next) => onChange(next.length ? next : null)} />;
    case 'longText': case 'richText': return <Textarea {...props} autosize minRows={2} maxRows={12} value={text} onChange={(event) => put(event.currentTarget.value)} />;
    case 'geolocation': return <Place {...props} value={value} onChange={onChange} />;
    case 'lookup': return field.lookupTarget === 'user' ? <UserField {...props} value={text || null} onChange={onChange} /> : <RecordField {...props} target={field.lookupTarget ?? ''} value={text || null} onChange={onChange} />;
    default: return <TextInput {...props} type={field.type === 'email' ? 'email' : field.type === 'phone' ? 'tel' : 'text'} value={text} onChange={(event) => put(event.currentTarget.value)} />;
  }
}

/** What can be chosen: what is active, and what is chosen already. */
export const choices = (field: CustomField, chosen: string[] = []) => (field.options ?? []).filter((option) => option.isActive !== false || chosen.includes(option.value)).map((option) => ({ value: option.value, label: option.label || option.value }));

/** An instant as a browser's control takes it: the reader's own time, without a zone. */
function localTime(instant: string) {
  const at = new Date(instant);
  return new Date(at.getTime() - at.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

/** An amount; its currency stays what it was, and is the organisation's for a new one. */
function Money({ value, onChange, decimals, ...props }: Omit<Props, 'field'> & { decimals: number }) {
  const before = value as { amount: number; currency: string } | number | null | undefined;
  const currency = typeof before === 'object' ? before?.currency : undefined;
  return <NumberInput {...props} value={(typeof before === 'object' ? before?.amount : before) ?? ''} onChange={(next) => onChange(next === '' ? null : currency ? { amount: Number(next), currency } : Number(next))} decimalScale={decimals} thousandSeparator="," hideControls suffix={currency && ` ${currency}`} />;
}

/** A place as latitude and longitude, with a comma between. */
function Place({ value, onChange, ...props }: Omit<Props, 'field'>) {
  const place = value as { lat: number; lng: number } | string | null | undefined;
  return <TextInput {...props} placeholder="53.55, 9.99" value={typeof place === 'string' ? place : place ? `${place.lat}, ${place.lng}` : ''} onChange={(event) => {
    const typed = event.currentTarget.value;
    const parts = /^\s*(-?\d+(?:\.\d+)?)\s*[,; ]\s*(-?\d+(?:\.\d+)?)\s*$/.exec(typed);
    onChange(typed === '' ? null : parts && !typed.endsWith('.') ? { lat: Number(parts[1]), lng: Number(parts[2]) } : typed);   // unfinished, it stays as it is typed
  }} />;
}
