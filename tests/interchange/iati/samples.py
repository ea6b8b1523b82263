"""An activity and an organisation without a fault, to be spoilt by the tests."""

ACTIVITIES = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="2.03" generated-datetime="2024-05-01T08:00:00Z">
 <iati-activity xml:lang="en" default-currency="USD" last-updated-datetime="2024-05-01T08:00:00Z">
  <iati-identifier>XM-DAC-90001-P1</iati-identifier>
  <reporting-org ref="XM-DAC-90001" type="40"><narrative>Sandoria Office</narrative></reporting-org>
  <title><narrative>Safe return</narrative><narrative xml:lang="fr">Retour sans danger</narrative></title>
  <description type="1"><narrative>People return safely.</narrative></description>
  <participating-org role="1" type="10" ref="XX-GOV-1"><narrative>Ministry</narrative></participating-org>
  <participating-org role="4" type="40"><narrative>Sandoria Office</narrative></participating-org>
  <other-identifier ref="CD.0012" type="A1"/>
  <activity-status code="2"/>
  <activity-date type="1" iso-date="2022-01-01"/>
  <activity-date type="2" iso-date="2022-02-01"/>
  <activity-date type="3" iso-date="2023-12-31"/>
  <recipient-country code="SO" percentage="60"/>
  <recipient-country code="KE" percentage="40"/>
  <sector vocabulary="1" code="15190" percentage="70"/>
  <sector vocabulary="1" code="72010" percentage="30"/>
  <sector vocabulary="99" code="DP"><narrative>Displaced persons</narrative></sector>
  <tag vocabulary="3" code="10.7"/>
  <policy-marker vocabulary="1" code="1" significance="1"/>
  <policy-marker vocabulary="99" vocabulary-uri="https://example.org/gender.pdf" code="2a">
   <narrative>Gender mainstreamed</narrative>
  </policy-marker>
  <default-aid-type code="C01" vocabulary="1"/>
  <budget type="1" status="2">
   <period-start iso-date="2022-01-01"/>
   <period-end iso-date="2022-12-31"/>
   <value value-date="2022-01-01">1000</value>
  </budget>
  <transaction ref="T1">
   <transaction-type code="4"/>
   <transaction-date iso-date="2022-03-01"/>
   <value value-date="2022-03-01" currency="EUR">250.50</value>
   <provider-org ref="XX-GOV-1"/>
  </transaction>
  <document-link url="https://example.org/a.pdf" format="application/pdf">
   <title><narrative>Evaluation</narrative></title>
   <category code="A07"/>
   <language code="en"/>
   <document-date iso-date="2023-06-01"/>
  </document-link>
  <related-activity ref="XM-DAC-90001-P0" type="3"/>
  <result type="1">
   <title><narrative>Persons helped</narrative></title>
   <indicator measure="1" ascending="1">
    <title><narrative>Number of persons</narrative></title>
    <reference vocabulary="9" code="10-7-1"/>
    <baseline year="2021" iso-date="2021-12-31" value="0"/>
    <period>
     <period-start iso-date="2022-01-01"/>
     <period-end iso-date="2022-12-31"/>
     <target value="100"/>
     <actual value="90"><comment><narrative>Floods</narrative></comment></actual>
     <actual value="50"><dimension name="sex" value="female"/><dimension name="age" value="adult"/></actual>
    </period>
   </indicator>
   <indicator measure="5">
    <title><narrative>How they judge it</narrative></title>
    <period>
     <period-start iso-date="2022-01-01"/>
     <period-end iso-date="2022-12-31"/>
     <actual><comment><narrative>Well</narrative></comment></actual>
    </period>
   </indicator>
  </result>
 </iati-activity>
</iati-activities>
"""

ORGANISATIONS = """<?xml version="1.0" encoding="UTF-8"?>
<iati-organisations version="2.03">
 <iati-organisation xml:lang="en" default-currency="USD">
  <organisation-identifier>XM-DAC-90001</organisation-identifier>
  <name><narrative>Sandoria Office</narrative></name>
  <reporting-org ref="XM-DAC-90001" type="40"><narrative>Sandoria Office</narrative></reporting-org>
  <recipient-country-budget status="1">
   <recipient-country code="SO"/>
   <period-start iso-date="2022-01-01"/>
   <period-end iso-date="2022-12-31"/>
   <value value-date="2022-01-01">1000</value>
   <budget-line ref="1"><value value-date="2022-02-01">10</value><narrative>Office</narrative></budget-line>
  </recipient-country-budget>
 </iati-organisation>
</iati-organisations>
"""

OLD = """<?xml version="1.0" encoding="UTF-8"?>
<iati-activities version="1.03">
 <iati-activity xml:lang="en" default-currency="USD">
  <reporting-org ref="XM-DAC-90001" type="40">Sandoria Office</reporting-org>
  <iati-identifier>XM-DAC-90001-P1</iati-identifier>
  <title>Safe return</title>
  <title xml:lang="fr">Retour sans danger</title>
  <description>People return safely.</description>
  <activity-date type="start-planned" iso-date="2012-01-01">2012</activity-date>
  <activity-date type="end-planned" iso-date="2013-12-31"/>
  <participating-org role="Funding" type="10" ref="XX-GOV-1">Ministry</participating-org>
  <recipient-country code="SO" percentage="100">Somalia</recipient-country>
  <sector vocabulary="DAC" code="15190" percentage="100">Migration</sector>
  <activity-status code="2">Implementation</activity-status>
  <transaction>
   <value value-date="2012-03-01">250.50</value>
   <transaction-type code="E">Expenditure</transaction-type>
   <transaction-date iso-date="2012-03-01"/>
  </transaction>
  <location><name>Mogadishu</name></location>
 </iati-activity>
</iati-activities>
"""


def spoilt(text, *changes):
    """The text with each (before, after) changed at its first place, which must be there."""
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after, 1)
    return text
