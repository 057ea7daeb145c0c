// The calls of the official SDK for Node, as they are on the wire: the token in the query, every property of a
// signer, and an error for any status but 200. The address comes first, then the token, then the PDF in Base64.
const [base, token, pdf] = process.argv.slice(2)

async function asked(method, path, body) {
  const answer = await fetch(`${base}/api/v1/${path}?api_token=${token}`, {
    method,
    headers: body ? { "Content-Type": "application/json" } : {},
    body: body ? JSON.stringify(body) : undefined,
  })
  if (answer.status !== 200) throw new Error(`Error status ${answer.status} -- ${await answer.text()}`)
  return answer
}

const signer = (name) => ({
  name, email: "", auth_mode: "assinaturaTela", send_automatic_email: false, send_automatic_whatsapp: false,
  order_group: 0, custom_message: "", phone_country: "", phone_number: "", lock_email: false, blank_email: false,
  hide_email: false, lock_phone: false, blank_phone: false, hide_phone: false, lock_name: false,
  require_selfie_photo: false, selfie_validation_type: "none", qualification: "", external_id: "", redirect_link: "",
  sign_url: undefined, token: undefined, status: undefined,
})

const doc = {
  sandbox: false, name: "My Contract", lang: "pt-br", disable_signer_emails: false, signed_file_only_finished: false,
  brand_logo: "", brand_primary_color: "", brand_name: "", external_id: "", folder_path: "/",
  date_limit_to_sign: new Date(Date.now() + 10 * 86_400_000), signature_order_active: false, observers: [],
  signers: [signer("My First Signer"), signer("My Second Signer")], reminder_every_n_days: 0, base64_pdf: pdf,
}

const made = await (await asked("POST", "docs/", doc)).json()
const detailed = await (await asked("GET", `docs/${made.token}/`)).json()
const listed = await (await asked("GET", "docs/")).json()
const added = await (await asked("POST", `docs/${made.token}/add-signer/`, signer("My Third Signer"))).json()
const changed = await (await asked("POST", `signers/${added.token}/`, signer("My New Name"))).json()
const removed = await (await asked("DELETE", `signer/${added.token}/remove/`)).text()
const deleted = await (await asked("DELETE", `docs/${made.token}/`)).json()
console.log(JSON.stringify({
  status: detailed.status, limit: detailed.date_limit_to_sign, listed: listed.results.map((one) => one.token === made.token),
  signers: made.signers.map((one) => one.name), changed: changed.name, removed, deleted: deleted.deleted,
}))
