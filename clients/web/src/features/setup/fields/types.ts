import type { CustomType } from '@/shared/custom/queries';

/** What people call the types, in the order in which they are looked for. */
export const typeNames: Record<CustomType, string> = {
  text: 'Text', longText: 'Long text', number: 'Number', currency: 'Amount of money', percent: 'Percent', date: 'Date', dateTime: 'Date and time', checkbox: 'Checkbox', pickList: 'Pick-list', multiSelect: 'Multi-select',
  email: 'E-mail', phone: 'Phone', url: 'Web address', richText: 'Formatted text', geolocation: 'Place on the map', autoNumber: 'Auto-number', lookup: 'Look-up',
};

export const hints: Partial<Record<CustomType, string>> = {
  text: 'One line, up to 255 characters', longText: 'Several lines, up to 32,000 characters', currency: 'With its currency; the organisation’s when none is said', pickList: 'One of several', multiSelect: 'Any of several',
  richText: 'HTML, cleaned of what could do harm', geolocation: 'Latitude and longitude', autoNumber: 'Given to each new record, never repeated', lookup: 'Points to another record',
};

/** Which settings a type has, as the services know them. */
export const settingsOf: Record<CustomType, string[]> = {
  text: ['minLength', 'maxLength'], longText: ['minLength', 'maxLength'], number: ['decimals', 'min', 'max'], currency: ['decimals', 'min', 'max'], percent: ['decimals', 'min', 'max'], date: ['earliest', 'latest'], dateTime: ['earliest', 'latest'],
  checkbox: [], pickList: ['options', 'isRestricted'], multiSelect: ['options'], email: [], phone: ['country'], url: [], richText: ['maxLength'], geolocation: [], autoNumber: ['numberFormat', 'startsAt'], lookup: ['lookupTarget'],
};

export const mayBeUnique: CustomType[] = ['text', 'number', 'percent', 'date', 'dateTime', 'email', 'phone', 'url', 'lookup'];
export const mayBeIndexed: CustomType[] = ['text', 'number', 'currency', 'percent', 'date', 'dateTime', 'pickList', 'email', 'phone', 'url', 'autoNumber', 'lookup'];
