using System.Diagnostics;
using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Kennel.Server.Bootstrap;
using Kennel.Server.Http;
using Kennel.Store;
using Kennel.Store.Memory;

namespace Kennel.Server.Tests;

/// <summary>A server over a memory store, with the objects that every cluster has: asked in process, or over TLS after <see cref="Listen"/>.</summary>
public sealed class TestServer : IAsyncDisposable
{
    static readonly IPNetwork s_range = IPNetwork.Parse("10.96.0.0/16");

    static readonly Dictionary<string, User> s_tokens = new() { ["secret-token"] = Tokens.Admin, ["bobs-token"] = new("bob", [User.Authenticated]) };

    readonly string _folder = Directory.CreateTempSubdirectory("kennel-server-").FullName;
    HttpServer? _http;

    TestServer(IStore store, Pipeline pipeline) => (Store, Pipeline) = (store, pipeline);

    public IStore Store { get; }

    public Pipeline Pipeline { get; }

    public Pki? Pki { get; private set; }

    public IPEndPoint Address => _http!.Listening[0];

    public string KubeconfigPath => Path.Combine(_folder, "kubeconfig");

    public static async Task<TestServer> Start(bool bootstrap = true, TimeProvider? time = null, Objects.Kinds.Gates gates = default, Admission.Plugins? plugins = null, Auditing.AuditLog? audit = null)
    {
        var store = new MemoryStore(TimeProvider.System);
        var pipeline = new Pipeline(new ServerOptions(store) { Random = new Random(7), NewId = Guid.NewGuid, ServiceRange = s_range, Time = time ?? TimeProvider.System, Gates = gates, Plugins = plugins ?? Admission.Plugins.Default, Tokens = s_tokens, Audit = audit });
        await pipeline.Load();
        if (bootstrap) await BootstrapObjects.Ensure(pipeline, s_range, new IPEndPoint(IPAddress.Parse("192.0.2.1"), 6443));
        await Clear(store, "/registry/core/configmaps/default/kube-root-ca.crt"); // these tests count ConfigMaps there: what every namespace has, another namespace shows
        return new TestServer(store, pipeline);
    }

    static async Task Clear(IStore store, string key)
    {
        if (await store.Get(key) is { } entry) await store.Write(new Write(key, entry.Modified, null));
    }

    /// <summary>Serves at a free port of the loopback address and writes a kubeconfig.</summary>
    public async Task Listen()
    {
        Pki = Pki.Open(Path.Combine(_folder, "pki"), Pki.ServerNames("127.0.0.1", s_range), TimeProvider.System, Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance);
        _http = await HttpServer.Start(Pipeline, new HttpOptions([new IPEndPoint(IPAddress.Loopback, 0)], Pki));
        Kubeconfig.Write(KubeconfigPath, Address.ToString(), Pki);
    }

    public async Task<Reply> Send(string method, string pathAndQuery, string? body = null, string? type = null, string? accept = null, User? user = null)
    {
        var response = await Pipeline.Handle(ApiRequest.To(method, pathAndQuery, user ?? User.Loopback) with
        {
            Body = body is null ? default : Encoding.UTF8.GetBytes(body), ContentType = type, Accept = accept, UserAgent = "tests/1.0", Id = "test",
        });
        var answer = response.ShouldBeOfType<Answer>();
        return new Reply(answer.Status, Encoding.UTF8.GetString(answer.Body.Span), answer);
    }

    public Task<Reply> Get(string path, string? accept = null) => Send("GET", path, accept: accept);

    public Task<Reply> Post(string path, string body) => Send("POST", path, body);

    public Task<Reply> Put(string path, string body) => Send("PUT", path, body);

    public Task<Reply> Delete(string path, string? body = null) => Send("DELETE", path, body);

    public Task<Reply> Merge(string path, string body) => Send("PATCH", path, body, "application/merge-patch+json");

    /// <summary>Makes an object and gives it back as it was stored.</summary>
    public async Task<JsonObject> Made(string path, string body)
    {
        var reply = await Post(path, body);
        reply.Status.ShouldBe(201, reply.Text);
        return reply.Json;
    }

    /// <summary>The events of a watch, one after another.</summary>
    public async IAsyncEnumerable<(string Type, JsonObject Object)> Watch(string path, string? accept = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancel = default)
    {
        var response = await Pipeline.Handle(ApiRequest.To("GET", path, User.Loopback) with { Accept = accept }, cancel);
        if (response is Answer answer) throw new InvalidOperationException(Encoding.UTF8.GetString(answer.Body.Span));
        await foreach (var batch in ((Watching)response).Batches.WithCancellation(cancel))
            foreach (var frame in batch)
                yield return (frame.Type, JsonNode.Parse(frame.Object.Span)!.AsObject());
    }

    /// <summary>Runs kubectl against this server; <see cref="Listen"/> comes first.</summary>
    /// <param name="version">1.27 … 1.33, or empty for the one on PATH.</param>
    public async Task<(int Code, string Output)> Kubectl(string version, string? input, params string[] args)
    {
        var start = new ProcessStartInfo(Tools.Kubectl(version)!) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.ArgumentList.Add("--kubeconfig=" + KubeconfigPath);
        start.ArgumentList.Add("--cache-dir=" + Path.Combine(_folder, "cache", version.Length == 0 ? "default" : version));
        foreach (var arg in args) start.ArgumentList.Add(arg);
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (input is not null) await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        await process.WaitForExitAsync(patience.Token);
        return (process.ExitCode, await output + await errors);
    }

    public async ValueTask DisposeAsync()
    {
        if (_http is not null) await _http.DisposeAsync();
        await Store.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}

public sealed record Reply(int Status, string Text, Answer Answer)
{
    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    public JsonObject Metadata => Json["metadata"]!.AsObject();

    public string? Message => Json["message"]?.GetValue<string>();

    public string? Reason => Json["reason"]?.GetValue<string>();

    public string Revision => Metadata["resourceVersion"]!.GetValue<string>();
}
