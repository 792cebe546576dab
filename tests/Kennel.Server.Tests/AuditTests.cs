using System.Text.Json.Nodes;
using Kennel.Server.Access;
using Kennel.Server.Auditing;
using Kennel.Server.Http;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Who asked for what is written down.</summary>
public sealed class AuditTests : IDisposable
{
    readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("kennel-audit-");

    string Log => Path.Combine(_folder.FullName, "audit.log");

    public void Dispose() => _folder.Delete(recursive: true);

    async Task<List<JsonObject>> Lines(Func<TestServer, Task> work)
    {
        var audit = AuditLog.Open(Log, TimeProvider.System, _ => { });
        await using (var server = await TestServer.Start(bootstrap: false, audit: audit)) await work(server);
        await audit.DisposeAsync();
        return [.. (await File.ReadAllLinesAsync(Log)).Select(l => JsonNode.Parse(l)!.AsObject())];
    }

    static Task<ApiResponse> Ask(TestServer server, string method, string path, User user, string body = "", Impersonation? other = null) =>
        server.Pipeline.Handle(ApiRequest.To(method, path, user) with { Body = System.Text.Encoding.UTF8.GetBytes(body), Source = "192.0.2.7", Id = "00000001", UserAgent = "kubectl/1.33", As = other }).AsTask();

    [Fact]
    public async Task A_line_says_who_did_what_to_which_object_and_never_what_was_in_it()
    {
        var lines = await Lines(async server =>
        {
            await Ask(server, "POST", "/api/v1/namespaces", User.Loopback, """{"metadata":{"name":"notes","labels":{"secret":"swordfish"}}}""");
            await Ask(server, "GET", "/api/v1/namespaces/notes/pods?limit=5", new User("bob", []));
        });
        var made = lines.Single(l => l["sourceIPs"] is not null && l["verb"]!.GetValue<string>() == "create");
        made["kind"]!.GetValue<string>().ShouldBe("Event");
        made["level"]!.GetValue<string>().ShouldBe("Metadata");
        made["user"]!["username"]!.GetValue<string>().ShouldBe("system:apiserver");
        made["objectRef"]!.ToJsonString().ShouldBe("""{"resource":"namespaces","name":"notes","apiVersion":"v1"}""");
        made["responseStatus"]!["code"]!.GetValue<int>().ShouldBe(201);
        made["sourceIPs"]![0]!.GetValue<string>().ShouldBe("192.0.2.7");
        var refused = lines.Single(l => l["verb"]!.GetValue<string>() == "list");
        refused["requestURI"]!.GetValue<string>().ShouldBe("/api/v1/namespaces/notes/pods?limit=5");
        refused["annotations"]!["authorization.k8s.io/decision"]!.GetValue<string>().ShouldBe("forbid");
        refused["responseStatus"]!["code"]!.GetValue<int>().ShouldBe(403);
        (await File.ReadAllTextAsync(Log)).ShouldNotContain("swordfish");
        File.GetUnixFileMode(Log).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task Acting_as_others_shows_both()
    {
        var lines = await Lines(server => Ask(server, "GET", "/api/v1/namespaces", User.Loopback, other: new("eve", [], "", [])));
        lines[0]["user"]!["username"]!.GetValue<string>().ShouldBe("system:apiserver");
        lines[0]["impersonatedUser"]!["username"]!.GetValue<string>().ShouldBe("eve");
    }

    [Fact]
    public async Task Health_checks_and_what_the_programs_own_parts_read_are_left_out()
    {
        var lines = await Lines(async server =>
        {
            await Ask(server, "GET", "/readyz", User.Anonymous);
            await server.Get("/api/v1/namespaces");
            await server.Post("/api/v1/namespaces", """{"metadata":{"name":"own"}}""");
        });
        lines.Select(l => l["requestURI"]!.GetValue<string>()).ShouldBe(["/api/v1/namespaces"]);
    }

    [Fact]
    public async Task Who_is_not_known_is_written_down_too()
    {
        var lines = await Lines(async server =>
        {
            await server.Listen();
            using var client = new HttpClient(new SocketsHttpHandler { SslOptions = new() { RemoteCertificateValidationCallback = (_, _, _, _) => true } });
            client.DefaultRequestHeaders.Authorization = new("Bearer", "guessed");
            await client.GetAsync(new Uri($"https://{server.Address}{Pods}"));
        });
        lines.Single()["responseStatus"]!["code"]!.GetValue<int>().ShouldBe(401);
    }

    [Fact]
    public async Task A_full_file_is_put_aside_and_only_so_many_are_kept()
    {
        await using (var audit = AuditLog.Open(Log, TimeProvider.System, _ => { }, maxBytes: 2000, kept: 2))
        await using (var server = await TestServer.Start(bootstrap: false, audit: audit))
            for (var i = 0; i < 20; i++) await Ask(server, "GET", $"/api/v1/namespaces/{i}", User.Loopback);
        _folder.GetFiles().Select(f => f.Name).Order().ShouldBe(["audit.log", "audit.log.1", "audit.log.2"]);
        _folder.GetFiles().ShouldAllBe(f => f.Length <= 2000);
        (await File.ReadAllTextAsync(Log)).ShouldContain("/api/v1/namespaces/19\"");
    }

    [Fact]
    public void A_file_of_tokens_is_read_as_upstream_reads_it()
    {
        var tokens = TokenFile.Parse("# people\nabc,eve,7,\"devs,ops\"\ndef,bob,\n\n");
        tokens["abc"].Name.ShouldBe("eve");
        tokens["abc"].Uid.ShouldBe("7");
        tokens["abc"].Groups.ShouldBe(["devs", "ops", User.Authenticated]);
        tokens["def"].Groups.ShouldBe([User.Authenticated]);
        Should.Throw<FormatException>(() => TokenFile.Parse("abc,eve")).Message.ShouldBe("line 1: expected token,user,uid,\"group1,group2\"");
        Should.Throw<FormatException>(() => TokenFile.Parse("a,b,c\na,d,e")).Message.ShouldBe("line 2: the token is there twice");
    }
}
