"""Does the shipped vocabulary say what the statute says, and how does a policy add to it?"""

import pytest

from lineage.policy import parse, statute

# The names as they must be printed; a wrong letter fails a report.
NAMES = {
    "PI_A_IDENTIFIERS": "Identifiers",
    "PI_B_CUSTOMER_RECORDS": "Personal information described in Civil Code section 1798.80(e)",
    "PI_C_PROTECTED_CLASS": "Characteristics of protected classifications under California or federal law",
    "PI_D_COMMERCIAL": "Commercial information",
    "PI_E_BIOMETRIC": "Biometric information",
    "PI_F_INTERNET_ACTIVITY": "Internet or other electronic network activity information",
    "PI_G_GEOLOCATION": "Geolocation data",
    "PI_H_SENSORY": "Audio, electronic, visual, thermal, olfactory, or similar information",
    "PI_I_EMPLOYMENT": "Professional or employment-related information",
    "PI_J_EDUCATION": "Education information",
    "PI_K_INFERENCE": "Inferences drawn to create a profile about a consumer",
    "SPI_GOV_ID": "Social security, driver's license, state identification card, or passport number",
    "SPI_ACCOUNT_ACCESS": "Account log-in, financial account, debit card, or credit card number in "
    "combination with any required security or access code, password, or credentials "
    "allowing access to an account",
    "SPI_PRECISE_GEO": "Precise geolocation",
    "SPI_RACE_ETHNICITY": "Racial or ethnic origin",
    "SPI_CITIZENSHIP_IMMIGRATION": "Citizenship or immigration status",
    "SPI_RELIGION_PHILOSOPHY": "Religious or philosophical beliefs",
    "SPI_UNION": "Union membership",
    "SPI_COMM_CONTENT": "Contents of mail, email, and text messages",
    "SPI_GENETIC": "Genetic data",
    "SPI_NEURAL": "Neural data",
    "SPI_BIOMETRIC_ID": "Processing of biometric information for the purpose of uniquely identifying "
    "a consumer",
    "SPI_HEALTH": "Personal information collected and analyzed concerning health",
    "SPI_SEX_ORIENTATION": "Personal information collected and analyzed concerning sex life or "
    "sexual orientation",
    "SPI_UNDER16": "Personal information of consumers known to be less than 16 years of age",
}


def test_the_statute_s_names_are_its_own() -> None:
    words = statute()
    assert {**words.categories, **words.sensitive} == NAMES
    assert all(words.category_name(id) == name for id, name in NAMES.items())


def test_every_word_of_the_answer_has_words_for_a_person() -> None:
    words = statute()
    assert len(words.sources) == 16
    assert len(words.recipients) == 17
    assert words.source_wording("SRC_UNKNOWN")
    assert words.recipient_wording("RCP_UNKNOWN")
    assert words.category_name("UNMAPPED")
    for id in words.purposes:
        assert words.purpose(id).wording
    assert len(words.business_purposes) == 8
    assert words.cross_context == {"PUR_CROSS_CONTEXT_ADS"}
    assert "HIPAA" in words.denial("DN_EXEMPT_HIPAA_PHI")
    assert "legal obligation" in words.denial("DN_DEL_EX8_LEGAL")
    assert words.denial("DN_UNVERIFIED")
    with pytest.raises(KeyError):
        words.category_name("PI_Z")


@pytest.mark.parametrize(
    ("element", "categories", "sensitive", "withhold"),
    [
        ("ssn", "AB", ("SPI_GOV_ID",), "WH_SSN"),
        ("passport_no", "AB", ("SPI_GOV_ID",), "WH_GOV_ID"),
        ("card_pan", "B", (), "WH_FIN_ACCOUNT"),
        ("card_security_code", "B", (), "WH_FIN_ACCOUNT"),
        ("account_password", "A", ("SPI_ACCOUNT_ACCESS",), "WH_PASSWORD"),
        ("biometric_template", "E", ("SPI_BIOMETRIC_ID",), "WH_BIOMETRIC"),
        ("gps_point", "G", ("SPI_PRECISE_GEO",), None),
        ("email_address", "A", (), None),
        ("date_of_birth", "C", (), None),
        ("security_log_signal", "F", (), "NOT_A_PIECE"),
    ],
)
def test_shipped_elements_follow_the_dictionary(
    element: str, categories: str, sensitive: tuple[str, ...], withhold: str | None
) -> None:
    found = statute().elements[element]
    letters = "".join(id[3] for ids in found.categories.values() for id in ids)
    assert (letters, sum(found.sensitive.values(), ()), found.withhold) == (categories, sensitive, withhold)


def test_a_card_number_turns_sensitive_beside_its_security_code() -> None:
    (rule,) = statute().elements["card_pan"].sensitive_when
    assert rule.spi == "SPI_ACCOUNT_ACCESS"
    assert "card_security_code" in rule.with_elements


def test_a_policy_overrides_single_keys_of_a_shipped_element() -> None:
    words = parse(
        {
            "business.yaml": "name: X\n",
            "vocabulary.yaml": "elements:\n  ssn: {wording: your number, withhold: , aliases: [social]}\n"
            "  shoe_size: {categories: [A, PI_C, PI_D_COMMERCIAL]}\n",
        }
    ).vocabulary
    ssn = words.element("social")
    assert ssn is not None
    assert (ssn.id, ssn.wording, ssn.withhold) == ("ssn", "your number", "WH_SSN")
    assert ssn.sensitive == statute().elements["ssn"].sensitive
    assert words.elements["shoe_size"].categories.values() == (
        ("PI_A_IDENTIFIERS", "PI_C_PROTECTED_CLASS", "PI_D_COMMERCIAL"),
    )
    assert words.elements["shoe_size"].wording == "shoe size"
    assert words.element("hat_size") is None
    assert "shoe_size" not in statute().elements
