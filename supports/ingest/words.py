"""Words that people write for the few values a field can have. Data: one more word is one more entry. Pure.

The keys are compact: lower case, letters, digits and tick marks only. A word with two meanings is not here.
"""

from supports.ingest.columns import words

SEXES: dict[str, str] = dict.fromkeys(
    words("l, lk, laki, lakilaki, laki2, lelaki, pria, male, cowok"), "L"
) | dict.fromkeys(words("p, pr, pe, prp, prmp, perempuan, wanita, w, female, f, cewek"), "P")

MARITAL: dict[str, str] = (
    dict.fromkeys(
        words(
            "b, bk, bm, tk, belum, belumkawin, blmkawin, blumkawin, belumnikah, belummenikah, "
            "blmnikah, blmmenikah, tidakkawin, tidakmenikah, lajang, single, bujang, gadis"
        ),
        "B",
    )
    | dict.fromkeys(
        words(
            "s, k, sk, sm, sudah, kawin, sudahkawin, sdhkawin, nikah, menikah, sudahnikah, "
            "sudahmenikah, sdhnikah, sdhmenikah, kawintercatat, kawinbelumtercatat, "
            "kawintidaktercatat, married"
        ),
        "S",
    )
    | dict.fromkeys(
        words(
            "p, pk, pernah, pernahkawin, pernahmenikah, pernahnikah, cerai, ceraihidup, ceraimati, "
            "ceraihiduptercatat, ceraihidupbelumtercatat, ch, cm, janda, duda, jandaduda, dudajanda"
        ),
        "P",
    )
)

DOCUMENTS: dict[str, str] = (
    dict.fromkeys(
        (
            "ktpel",
            "ktp",
            "ektp",
            "ktpelektronik",
            "elektronikktp",
            "kartutandapenduduk",
            "kartutandapendudukelektronik",
        ),
        "KTP-el",
    )
    | dict.fromkeys(
        words(
            "suket, surketktp, surket, suratketerangan, suratketeranganperekaman, "
            "suratketeranganperekamanktpel, suratketeranganperekamanktp, suketktpel, suketperekaman"
        ),
        "suket",
    )
    | dict.fromkeys(("biodata", "biodatapenduduk", "biodatakependudukan", "biodatawni"), "biodata")
    | dict.fromkeys(("ikd", "identitaskependudukandigital", "ktpdigital", "identitasdigital"), "IKD")
)

STATEMENTS: dict[str, bool] = dict.fromkeys(
    words("ya, y, iya, ada, 1, true, benar, yes, v, x, ✓, ✔, √, ☑, sudah, terlampir"), True
) | dict.fromkeys(words("tidak, tdk, t, n, no, tidakada, tdkada, 0, false, belum, belumada"), False)
