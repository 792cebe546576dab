using System.Diagnostics;
using Xunit.Abstractions;
using static Kennel.Server.Tests.Samples;

namespace Kennel.Server.Tests;

/// <summary>Client libraries that nobody here wrote, as far as the machine has them or can get them.</summary>
public sealed class ClientTests(ITestOutputHelper log)
{
    const string Python = "/usr/bin/python3";
    const string JavaScriptClient = "@kubernetes/client-node@1.4.0";

    [SkippableFact]
    public async Task The_python_client_of_Debian_lists_watches_patches_leads_and_runs_commands()
    {
        Skip.IfNot(File.Exists(Python) && (await Run(Python, ["-c", "import kubernetes, websocket"])).Code == 0, "needs Debian's python3-kubernetes: apt-get install python3-kubernetes");
        var (server, node) = await Start();
        await using var _ = server;
        await using var __ = node;
        await server.Store.Compact(server.Store.Revision);
        var (code, output) = await Run(Python, [Script("client.py"), server.KubeconfigPath]);
        log.WriteLine(output);
        code.ShouldBe(0, output);
        Steps(output).ShouldBe(["objects", "patches", "informer", "pages", "too old", "by discovery", "leads", "runs commands"]);
    }

    [SkippableFact]
    public async Task The_official_JavaScript_client_lists_watches_patches_leads_and_runs_commands()
    {
        var folder = await JavaScript();
        Skip.If(folder is null, $"needs node and npm, and a registry that has {JavaScriptClient}");
        var (server, node) = await Start();
        await using var _ = server;
        await using var __ = node;
        File.Copy(Script("client.mjs"), Path.Combine(folder, "client.mjs"), overwrite: true); // modules are looked for beside it
        var (code, output) = await Run("node", [Path.Combine(folder, "client.mjs"), server.KubeconfigPath]);
        log.WriteLine(output);
        code.ShouldBe(0, output);
        Steps(output).ShouldBe(["objects", "patches", "informer", "leads", "runs commands"]);
    }

    static string Script(string name) => Path.Combine(AppContext.BaseDirectory, "Clients", name);

    static string[] Steps(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(l => l is "objects" or "patches" or "informer" or "pages" or "too old" or "by discovery" or "leads" or "runs commands").ToArray();

    /// <summary>A folder with the client in it, kept for the next time; null when it can't be had.</summary>
    static async Task<string?> JavaScript()
    {
        try
        {
            var folder = Path.Combine(Path.GetTempPath(), "kennel-tests-" + JavaScriptClient.Replace('/', '-').Replace('@', '-'));
            if (Directory.Exists(Path.Combine(folder, "node_modules", "@kubernetes", "client-node", "dist"))) return folder;
            Directory.CreateDirectory(folder);
            return (await Run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0", JavaScriptClient])).Code == 0 ? folder : null;
        }
        catch (System.ComponentModel.Win32Exception) // there is no such program
        {
            return null;
        }
    }

    static async Task<(TestServer Server, FakeNode Node)> Start()
    {
        var server = await TestServer.Start();
        await server.Listen();
        var node = new FakeNode(server.Pki!.Node("n"));
        await server.Made("/api/v1/nodes", """{"metadata":{"name":"n"}}""");
        await server.Merge("/api/v1/nodes/n/status",
            """{"status":{"addresses":[{"type":"InternalIP","address":"127.0.0.1"}],"daemonEndpoints":{"kubeletEndpoint":{"Port":PORT}}}}""".Replace("PORT", node.Port.ToString()));
        await server.Made(Pods, Pod(more: ""","nodeName":"n" """));
        return (server, node);
    }

    static async Task<(int Code, string Output)> Run(string program, string[] args)
    {
        using var process = Process.Start(new ProcessStartInfo(program, args) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var patience = new CancellationTokenSource(TimeSpan.FromMinutes(3));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
        }
        return (process.HasExited ? process.ExitCode : -1, await output + await errors);
    }
}
