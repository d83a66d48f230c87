import type { ReactNode } from 'react';
import { useUserName } from '@/features/users/queries';
import { day, exactly, money, number } from '@/shared/time';
import type { CustomField } from './queries';
import { RecordLink } from './RecordField';

const labelOf = (field: CustomField, value: string) => field.options?.find((option) => option.value === value)?.label || value;

/** A value in words. */
export function customText(field: CustomField, value: unknown): string {
  if (value === null || value === undefined || value === '') return '';
  switch (field.type) {
    case 'checkbox': return value === true ? 'Yes' : 'No';
    case 'number': return number(value as number);
    case 'percent': return `${number(value as number)} %`;
    case 'currency': { const amount = value as { amount: number; currency: string }; return money(amount.amount, amount.currency); }
    case 'date': return day(value as string);
    case 'dateTime': return exactly(value as string);
    case 'pickList': return labelOf(field, value as string);
    case 'multiSelect': return (value as string[]).map((one) => labelOf(field, one)).join(', ');
    case 'geolocation': { const place = value as { lat: number; lng: number }; return `${place.lat}, ${place.lng}`; }
    case 'richText': return new DOMParser().parseFromString(value as string, 'text/html').body.textContent ?? '';   // read, never put into the page
    default: return String(value);
  }
}

/** A value as it is read on a page: addresses can be followed. */
export function CustomValue({ field, value, optOut = false, doNotCall = false }: { field: CustomField; value: unknown; optOut?: boolean; doNotCall?: boolean }): ReactNode {
  const text = customText(field, value);
  if (!text) return null;
  if (field.type === 'email' && !optOut) return <a href={`mailto:${text}`}>{text}</a>;
  if (field.type === 'phone' && !doNotCall) return <a href={`tel:${text}`}>{text}</a>;
  if (field.type === 'url' && /^https?:\/\//i.test(text)) return <a href={text} target="_blank" rel="noopener noreferrer nofollow">{text.replace(/^https?:\/\/(www\.)?/, '').replace(/\/$/, '')}</a>;
  if (field.type === 'lookup') return field.lookupTarget === 'user' ? <UserName id={text} /> : <RecordLink target={field.lookupTarget ?? ''} id={text} />;
  return text;
}

const UserName = ({ id }: { id: string }) => useUserName(id) ?? 'Somebody';
