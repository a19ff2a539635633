import { describe, expect, test } from '@jest/globals';
import { readTwiml, TwimlError } from '../../simulator/network/twiml.ts';
import { readXml, XmlError } from '../../simulator/network/xml.ts';

describe('the XML reader', () => {
  test.each([
    ['entities', '<a b="&lt;&quot;&#65;&#x1F600;">&amp;&apos;</a>', '<"A😀', "&'"],
    ['CDATA and comments', '<?xml version="1.0"?><!-- - --><a b=""><![CDATA[<&]]><!--x--></a><!-- end -->', '', '<&'],
    ['single quotes and spaces', "<a  b = '\"' >x</a >", '"', 'x'],
    ['a byte order mark', '\uFEFF<a b="1">x</a>', '1', 'x'],
  ])('the XML reader reads %s', (_, source, attribute, text) => {
    const { attributes, children } = readXml(source);
    expect([attributes.get('b'), children.filter(child => typeof child === 'string').join('')]).toEqual([
      attribute,
      text,
    ]);
  });

  test.each([
    ['an empty document', ''],
    ['text alone', 'hello'],
    ['an open element', '<a><b></a>'],
    ['an end tag with another name', '<a></b>'],
    ['two roots', '<a/><b/>'],
    ['an attribute twice', '<a b="1" b="2"/>'],
    ['a bare ampersand', '<a>Tom & Jerry</a>'],
    ['an unknown entity', '<a>&nbsp;</a>'],
    ['a reference to a control character', '<a>&#0;</a>'],
    ['a reference to a surrogate', '<a>&#xD800;</a>'],
    ['a reference beyond Unicode', '<a>&#x110000;</a>'],
    ['a control character', '<a>\u0007</a>'],
    ['an unquoted attribute', '<a b=1/>'],
    ['< in an attribute', '<a b="<"/>'],
    [']]> in text', '<a>]]></a>'],
    ['a document type', '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'],
    ['a comment with two dashes', '<a><!-- -- --></a>'],
    ['21 elements inside one another', `${'<a>'.repeat(21)}${'</a>'.repeat(21)}`],
  ])('the XML reader refuses %s', (_, source) => {
    expect(() => readXml(source)).toThrow(XmlError);
  });
});

const one = (body: string) => readTwiml(`<Response>${body}</Response>`)[0];

describe('TwiML', () => {
  test('missing attributes have the defaults of Twilio', () => {
    expect(one('<Gather/>')).toEqual({
      verb: 'Gather',
      method: 'POST',
      finishOnKey: '#',
      timeout: 5,
      actionOnEmptyResult: false,
      prompts: [],
    });
    expect(one('<Say> two\n words </Say>')).toEqual({ verb: 'Say', text: 'two words', language: 'en-US' });
    expect(one('<Pause/>')).toEqual({ verb: 'Pause', seconds: 1 });
    expect(one('<Redirect>../next</Redirect>')).toEqual({ verb: 'Redirect', url: '../next', method: 'POST' });
  });

  test('every supported attribute is read', () => {
    const gather =
      '<Gather input="dtmf" action="k?a=1&amp;b=2" method="GET" numDigits="7" finishOnKey="" timeout="10" actionOnEmptyResult="true">' +
      '<Say language="de-DE" voice="Polly.Vicki">Hallo</Say><Pause length="2"/></Gather>';
    expect(one(gather)).toEqual({
      verb: 'Gather',
      action: 'k?a=1&b=2',
      method: 'GET',
      numDigits: 7,
      finishOnKey: '',
      timeout: 10,
      actionOnEmptyResult: true,
      prompts: [
        { verb: 'Say', text: 'Hallo', language: 'de-DE', voice: 'Polly.Vicki' },
        { verb: 'Pause', seconds: 2 },
      ],
    });
  });

  test.each([
    ['another root element', '<Answer/>'],
    ['a verb it does not perform', '<Response><Play>x</Play></Response>'],
    ['an attribute it does not know', '<Response><Say loop="2">x</Say></Response>'],
    ['an attribute of Object', '<Response><Say constructor="x">x</Say></Response>'],
    ['a verb of Object', '<Response><constructor/></Response>'],
    ['speech input', '<Response><Gather input="speech"/></Response>'],
    ['two finishing keys', '<Response><Gather finishOnKey="12"/></Response>'],
    ['a numDigits of 0', '<Response><Gather numDigits="0"/></Response>'],
    ['a timeout of 0', '<Response><Gather timeout="0"/></Response>'],
    ['an empty Say', '<Response><Say> </Say></Response>'],
    ['an element in Say', '<Response><Say>a<Pause/></Say></Response>'],
    ['a Redirect in a Gather', '<Response><Gather><Redirect>x</Redirect></Gather></Response>'],
    ['text beside verbs', '<Response>hello</Response>'],
    ['an element in Hangup', '<Response><Hangup><Say>x</Say></Hangup></Response>'],
    ['an attribute of Response', '<Response x="1"/>'],
    ['a Response in a Response', '<Response><Response/></Response>'],
  ])('a document with %s is refused as not TwiML', (_, source) => {
    expect(() => readTwiml(source)).toThrow(expect.objectContaining({ name: 'TwimlError', code: 12200 }));
  });

  test('a document that is not XML is refused with another code', () => {
    expect(() => readTwiml('<Response>')).toThrow(TwimlError);
    expect(() => readTwiml('<Response>')).toThrow(expect.objectContaining({ code: 12100 }));
  });
});
