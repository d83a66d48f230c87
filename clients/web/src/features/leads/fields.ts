import type { FilterField } from '@/shared/list/types';
import type { Field, Section } from '@/shared/record/types';
import type { LeadDetails } from './queries';

/** What a list can be filtered by, and how. */
export const filterFields: FilterField[] = [
  { name: 'status', label: 'Status', kind: 'choice' },
  { name: 'ownerId', label: 'Owner', kind: 'owner' },
  { name: 'score', label: 'Score', kind: 'number' },
  { name: 'company', label: 'Company', kind: 'text' },
  { name: 'lastName', label: 'Last name', kind: 'text' },
  { name: 'email', label: 'E-mail', kind: 'text' },
  { name: 'phone', label: 'Phone', kind: 'text' },
  { name: 'title', label: 'Title', kind: 'text' },
  { name: 'source', label: 'Source', kind: 'open' },
  { name: 'industry', label: 'Industry', kind: 'open' },
  { name: 'rating', label: 'Rating', kind: 'text' },
  { name: 'city', label: 'City', kind: 'text' },
  { name: 'country', label: 'Country code', kind: 'text' },
  { name: 'employees', label: 'Employees', kind: 'number' },
  { name: 'annualRevenue', label: 'Annual revenue', kind: 'number' },
  { name: 'unread', label: 'Unread', kind: 'flag' },
  { name: 'doNotCall', label: 'Do not call', kind: 'flag' },
  { name: 'emailOptOut', label: 'E-mail opt-out', kind: 'flag' },
  { name: 'createdAt', label: 'Created', kind: 'date' },
  { name: 'lastTouchAt', label: 'Last touch', kind: 'date' },
  { name: 'nextActivityAt', label: 'Next activity', kind: 'date' },
  { name: 'followUpOn', label: 'Follow-up', kind: 'day' },
];

/** A field that there is: the type check says so. */
type LeadField = Field & { name: keyof LeadDetails & string; currency?: keyof LeadDetails & string };

/** What people know about a lead, in the sections of its page. */
export const sections: (Section & { fields: LeadField[] })[] = [
  {
    title: 'Person',
    fields: [
      { name: 'salutation', label: 'Salutation', kind: 'text' },
      { name: 'firstName', label: 'First name', kind: 'text' },
      { name: 'lastName', label: 'Last name', kind: 'text' },
      { name: 'title', label: 'Title', kind: 'text' },
      { name: 'email', label: 'E-mail', kind: 'email' },
      { name: 'phone', label: 'Phone', kind: 'phone' },
      { name: 'mobile', label: 'Mobile', kind: 'phone' },
      { name: 'fax', label: 'Fax', kind: 'text' },
      { name: 'doNotCall', label: 'Do not call', kind: 'flag' },
      { name: 'emailOptOut', label: 'E-mail opt-out', kind: 'flag' },
    ],
  },
  {
    title: 'Company',
    fields: [
      { name: 'company', label: 'Company', kind: 'text' },
      { name: 'website', label: 'Website', kind: 'url' },
      { name: 'industry', label: 'Industry', kind: 'text' },
      { name: 'employees', label: 'Employees', kind: 'number' },
      { name: 'annualRevenue', label: 'Annual revenue', kind: 'money', currency: 'revenueCurrency' },
      { name: 'revenueCurrency', label: 'Revenue currency', kind: 'currency' },
    ],
  },
  {
    title: 'Need',
    fields: [
      { name: 'source', label: 'Source', kind: 'text' },
      { name: 'rating', label: 'Rating', kind: 'text' },
      { name: 'nextStep', label: 'Next step', kind: 'long' },
      { name: 'need', label: 'Need', kind: 'long' },
      { name: 'productInterest', label: 'Product interest', kind: 'long' },
      { name: 'budget', label: 'Budget', kind: 'money', currency: 'budgetCurrency' },
      { name: 'budgetCurrency', label: 'Budget currency', kind: 'currency' },
      { name: 'timeframe', label: 'Timeframe', kind: 'text' },
      { name: 'description', label: 'Description', kind: 'long' },
    ],
  },
  {
    title: 'Address',
    fields: [
      { name: 'street', label: 'Street', kind: 'long' },
      { name: 'postalCode', label: 'Postal code', kind: 'text' },
      { name: 'city', label: 'City', kind: 'text' },
      { name: 'state', label: 'State', kind: 'text' },
      { name: 'country', label: 'Country', kind: 'text' },
    ],
  },
];

export const detailFields = sections.flatMap((section) => section.fields);
export const labelOf = (name: string) => detailFields.find((field) => field.name === name)?.label ?? filterFields.find((field) => field.name === name)?.label ?? name.replace(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`).replace(/^./, (c) => c.toUpperCase());
