namespace Kennel.Objects.Tables.Kinds;

static class AccessTables
{
    public static readonly KindTable RoleBinding = new(
        [Column.Named, new("Role"), Column.Age, new("Users", Wide: true), new("Groups", Wide: true), new("ServiceAccounts", Wide: true)],
        static (o, cells) =>
        {
            cells.Name(o);
            cells.Add($"{o["roleRef"]["kind"].Text}/{o["roleRef"]["name"].Text}");
            cells.Age(o);
            foreach (var kind in (string[])["User", "Group", "ServiceAccount"])
                cells.Add(string.Join(", ", o["subjects"].Items.Where(s => s["kind"].Text == kind).Select(s => kind == "ServiceAccount" ? $"{s["namespace"].Text}/{s["name"].Text}" : s["name"].Text)));
        });

    public static readonly KindTable CertificateSigningRequest = new(
        [Column.Named, Column.Age, new("SignerName"), new("Requestor"), new("RequestedDuration"), new("Condition")],
        static (o, cells) =>
        {
            cells.Name(o);
            cells.Age(o);
            cells.Add(o["spec"]["signerName"].TextOr("<none>"));
            cells.Add(o["spec"]["username"].Text);
            cells.Add(o["spec"]["expirationSeconds"].Number is > 0 and var seconds ? Durations.Text(TimeSpan.FromSeconds(seconds)) : "<none>");
            var said = o["status"]["conditions"].Items.Select(c => c["type"].Text).ToList();
            var parts = new[] { said.Contains("Approved") ? "Approved" : said.Contains("Denied") ? "Denied" : "", said.Contains("Failed") ? "Failed" : "", o["status"]["certificate"].Text is { Length: > 0 } ? "Issued" : "" };
            cells.Add(string.Join(',', parts.Where(p => p.Length > 0)) is { Length: > 0 } condition ? condition : "Pending");
        });
}
