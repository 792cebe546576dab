using Kennel.Store.Journal;

namespace Kennel.Store.Sqlite;

/// <summary>The journal in an SQLite file: one transaction a batch, in its write-ahead log, synced before it counts.</summary>
internal sealed class SqliteJournal : IJournal
{
    private readonly string _path;
    private readonly IDisposable? _owned;
    private Session? _session;
    private long _last;
    private long _compacted;

    /// <param name="owned">Is let go with the journal: the lock of the data directory.</param>
    public SqliteJournal(string path, IDisposable? owned = null)
    {
        _path = path;
        _owned = owned;
        _session = Opened();
    }

    /// <summary>For tests, to make trouble.</summary>
    internal Connection? Connection => _session?.Connection;

    public Recovered Load()
    {
        try
        {
            var recovered = _session!.Load();
            _compacted = recovered.Compacted;
            _last = recovered.Rows.Count == 0 ? 0 : recovered.Rows[^1].Entry.Modified;
            if (recovered.Rows.Count > 0 && recovered.Missing() is { } missing)
                throw new StoreUnavailableException($"{_path} is damaged (revision {missing} is missing): put back a copy of it");
            return recovered;
        }
        catch (SqliteError e)
        {
            throw Refusal.Of(e, _path);
        }
    }

    public void Commit(JournalBatch batch)
    {
        try
        {
            _session ??= Reopened();
            _session.Write(batch, batch.Compacted != _compacted);
        }
        catch (SqliteError e)
        {
            if (!Refusal.IsClean(e)) Distrust();
            throw Refusal.Of(e, _path);
        }

        if (batch.Changes.Count > 0) _last = batch.Changes[^1].Entry.Modified;
        _compacted = batch.Compacted;
    }

    public bool Tidy()
    {
        try
        {
            return _session?.Shrink() ?? false;
        }
        catch (SqliteError)
        {
            return false; // a smaller file is only a courtesy: what is wrong with the disk, the next write will say
        }
    }

    /// <summary>Lets the connection go; the next commit opens the file anew and looks what is in it.</summary>
    internal void Distrust()
    {
        _session?.Dispose();
        _session = null;
    }

    public void Dispose()
    {
        Distrust();
        _owned?.Dispose();
    }

    private Session Opened()
    {
        try
        {
            return Session.Open(_path);
        }
        catch (SqliteError e)
        {
            throw Refusal.Of(e, _path);
        }
    }

    /// <summary>
    /// After a commit that failed halfway through the disk's own sync nobody knows whether it is on the disk. It was refused, so make
    /// that true.
    /// </summary>
    private Session Reopened()
    {
        var session = Session.Open(_path);
        try
        {
            session.Forget(_last);
            return session;
        }
        catch (SqliteError)
        {
            session.Dispose();
            throw;
        }
    }
}
