"""Who may enter the simulated LS Central, and by which path."""

import pytest
from lxml import etree

from tests.plugins.ls_central.sandbox_client import ls_central

STORES = {"storeGetType": "0", "searchText": "", "includeDetail": False}


async def test_client_credentials_give_a_bearer_token():
    async with ls_central(signed_in=False) as client:
        body = (await client.sign_in()).json()
        assert body["token_type"] == "Bearer"
        assert body["expires_in"] == 3599
        assert (await client.action("GetStores_GetStores", STORES)).status_code == 200


@pytest.mark.parametrize(
    ("changed", "status", "error", "number"),
    [
        ({"client_secret": "wrong"}, 401, "invalid_client", 7000215),
        ({"client_id": "00000000-0000-0000-0000-000000000000"}, 400, "unauthorized_client", 700016),
        ({"grant_type": "password"}, 400, "unsupported_grant_type", 70003),
        ({"scope": "openid"}, 400, "invalid_scope", 70011),
        ({"scope": ""}, 400, "invalid_request", 900144),
    ],
)
async def test_a_wrong_sign_in_is_refused_as_entra_does(changed, status, error, number):
    async with ls_central(signed_in=False) as client:
        response = await client.sign_in(**changed)
        assert response.status_code == status
        body = response.json()
        assert body["error"] == error
        assert body["error_codes"] == [number]
        assert body["error_description"].startswith(f"AADSTS{number}: ")


async def test_a_token_is_refused_after_its_lifetime():
    async with ls_central(token_seconds=60) as client:
        assert (await client.action("GetStores_GetStores", STORES)).status_code == 200
        await client.operate("POST", "/clock", {"advance_seconds": 61})
        response = await client.action("GetStores_GetStores", STORES)
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "Authentication_InvalidCredentials"


async def test_soap_without_sign_in_answers_401():
    async with ls_central(signed_in=False) as client:
        response = await client.http.post(client.codeunit(), content=b"<x/>", headers={"Content-Type": "text/xml"})
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == "Bearer"


async def test_basic_sign_in_works_on_premises_and_not_online():
    async with ls_central(signed_in=False) as client:
        client.headers = client.basic()
        path = f"/BC/WS/{client.credentials['company']}/Codeunit/OmniWrapper"
        parameters = "applicationVersion applicationBuild lSRetailVersion lSRetailCopyright"
        inside = "<responseCode/><errorText/>" + "".join(f"<{name}/>" for name in parameters.split())
        answer = await client.soap("TestConnection", inside, path=path)
        assert answer.code == "0000"
        assert "LS Central" in answer.text("lSRetailVersion")
        assert (await client.action("GetStores_GetStores", STORES)).status_code == 401


@pytest.mark.parametrize(("sign_in", "status"), [("basic", 200), ("bearer", 401)])
async def test_an_installation_may_refuse_basic_sign_in(sign_in, status):
    async with ls_central(signed_in=False, sign_in=sign_in) as client:
        response = await client.http.post("/bc/odatav4/GetStores_GetStores", json=STORES, headers=client.basic())
        assert response.status_code == status


async def test_path_segments_are_found_in_any_case():
    async with ls_central() as client:
        tenant, environment = client.credentials["tenant"], client.credentials["environment"]
        path = f"/V2.0/{tenant.upper()}/{environment.lower()}/odatav4/getstores_GETSTORES"
        assert (await client.http.post(path, json=STORES, headers=client.headers)).status_code == 200


async def test_an_unknown_company_is_refused():
    async with ls_central() as client:
        response = await client.action("GetStores_GetStores", STORES, company="Nobody")
        assert response.status_code == 404
        assert response.json()["error"]["code"] == "Internal_CompanyNotFound"


async def test_an_unknown_instance_is_answered_by_the_web_server_in_front():
    async with ls_central() as client:
        response = await client.http.get("/OTHER/ODataV4/", headers=client.headers)
        assert response.status_code == 404
        assert response.headers["Content-Type"].startswith("text/html")


@pytest.mark.parametrize(("offers_v6", "versions"), [(True, {"V5", "V6"}), (False, {"V5"})])
async def test_the_wsdl_tells_which_create_is_offered(offers_v6, versions):
    async with ls_central(offers_v6=offers_v6) as client:
        response = await client.http.get(client.codeunit() + "?wsdl", headers=client.headers)
        root = etree.fromstring(response.content)
        names = {element.get("name") for element in root.iter("{http://schemas.xmlsoap.org/wsdl/}operation")}
        assert {name[-2:] for name in names if "OrderCreate" in name} == versions
        address = next(root.iter("{http://schemas.xmlsoap.org/wsdl/soap/}address")).get("location")
        assert address.endswith("/Codeunit/OmniWrapper")
