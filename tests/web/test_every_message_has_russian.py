from tests.web.messages import PLACES, of_catalogues, of_source


def places(text):
    return set(PLACES.findall(text))


def test_every_message_of_the_pages_has_its_russian():
    known = of_catalogues("ru")
    assert not {m: place for m, place in of_source().items() if m not in known}


def test_no_translation_is_empty_or_loses_a_place():
    for (context, words), said in of_catalogues("ru").items():
        for file, sentences in said.items():
            assert all(sentences), (file, context, words)
            assert len(words) == 1 or len(sentences) == 3, (file, words)
            for sentence in sentences:
                assert places(sentence) <= set().union(*map(places, words)), (file, sentence)
                missing = places(words[-1]) - places(sentence)
                assert len(words) > 1 or not missing, (file, words, missing)


def test_one_message_is_said_one_way():
    differing = {
        message: said for message, said in of_catalogues("ru").items() if len(set(said.values())) > 1
    }
    assert not differing


def test_no_catalogue_keeps_a_message_that_no_page_has():
    used = set(of_source())
    assert not [message for message in of_catalogues("ru") if message not in used]
