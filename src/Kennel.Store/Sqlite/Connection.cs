using System.Runtime.InteropServices;
using System.Text;

namespace Kennel.Store.Sqlite;

/// <summary>An open SQLite file. One thread uses it at a time.</summary>
internal sealed unsafe class Connection : IDisposable
{
    /// <summary>How long to wait for somebody who looks at the file with a tool.</summary>
    private const int BusyMilliseconds = 5000;

    private nint _db;

    public Connection(string path)
    {
        fixed (byte* utf8 = Terminated(path))
        {
            var code = Native.sqlite3_open_v2(utf8, out _db, Native.OpenFlags, null);
            if (code == Native.Ok) code = Native.sqlite3_busy_timeout(_db, BusyMilliseconds);
            if (code == Native.Ok) return;
            var error = _db == 0 ? new SqliteError(code, "out of memory") : Error();
            Dispose();
            throw error;
        }
    }

    public bool InTransaction => Native.sqlite3_get_autocommit(_db) == 0;

    public Statement Prepare(string sql)
    {
        fixed (byte* utf8 = Terminated(sql))
        {
            Check(Native.sqlite3_prepare_v2(_db, utf8, -1, out var statement, null));
            return new Statement(this, statement);
        }
    }

    /// <summary>Runs one statement.</summary>
    /// <returns>The first column of its last row; 0 when it has no rows.</returns>
    public long Run(string sql)
    {
        using var statement = Prepare(sql);
        var result = 0L;
        while (statement.Step()) result = statement.Long(0);
        return result;
    }

    public void Check(int code)
    {
        if (code is not (Native.Ok or Native.Row or Native.Done)) throw Error();
    }

    public void Dispose()
    {
        if (_db != 0) _ = Native.sqlite3_close_v2(_db);
        _db = 0;
    }

    private SqliteError Error() =>
        new(Native.sqlite3_extended_errcode(_db), Marshal.PtrToStringUTF8((nint)Native.sqlite3_errmsg(_db)) ?? "");

    private static byte[] Terminated(string text) => Encoding.UTF8.GetBytes(text + '\0');
}

/// <param name="code">SQLite's extended result code; its low byte is the primary one.</param>
internal sealed class SqliteError(int code, string message) : Exception($"SQLite error {code}: {message}")
{
    public int Code => IsFull ? Native.Full : code & 0xff;

    /// <summary>No room for the data, or for the shared memory beside it.</summary>
    private bool IsFull => code is Native.Full or Native.InputOutputSharedMemorySize;
}
